package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/** Which rows each member of an ensemble evaluates; the ordinal is what native code receives. */
public enum RowMode {
  /** Every member sees the same rows. */
  SHARED,
  /** Every member has rows of its own. */
  PRIVATE,
  /** Each row belongs to one member; rows are sorted by member. */
  ROUTED;

  /** Number of (rows, inputs) matrices in x. */
  long inputMatrices(int memberCount) {
    return this == PRIVATE ? memberCount : 1;
  }

  /** Number of (rows, outputs) matrices in y. */
  long outputMatrices(int memberCount) {
    return tapeMembers(memberCount);
  }

  /**
   * What {@link MlpShape#tapeWords} and {@link MlpShape#scratchWords} take as the number of members
   * when {@code memberCount} run: ROUTED rows share one matrix, each row in its sorted place.
   */
  public int tapeMembers(int memberCount) {
    return this == ROUTED ? 1 : memberCount;
  }

  static void checkMembers(MlpShape shape, int firstMember, int memberCount) {
    if (firstMember < 0 || memberCount < 1 || firstMember + memberCount > shape.members()) {
      throw new IllegalArgumentException(
          "members %d to %d of an ensemble of %d"
              .formatted(firstMember, firstMember + memberCount - 1, shape.members()));
    }
  }

  static void checkRouting(
      RowMode mode, @Nullable Buffer offsets, @Nullable Buffer count, int memberCount) {
    if ((mode == ROUTED) != (offsets != null)) {
      throw new IllegalArgumentException("offsets go with ROUTED rows, and only with them");
    }
    if (mode == ROUTED && count != null) {
      throw new IllegalArgumentException("ROUTED rows take no count: the last offset is theirs");
    }
    Operation.need("offsets", offsets, memberCount + 1L);
    Operation.need("count", count, 1);
  }
}
