package mpdp.rollout;

import java.util.Objects;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one step of a batch of rollouts. Rows whose rollout has ended are gone and the others
 * have moved to the front, so each row knows its root: the start state that its rollout began at.
 *
 * @param capacity rows that there can be
 * @param count int32 (1): rows present, or null: all
 * @param root int32 (capacity): the root of each row, or null: row i is root i
 */
public record RolloutRows(int capacity, @Nullable Buffer count, @Nullable Buffer root) {

  /** The rows of a first step: one for each start state. */
  public static RolloutRows all(int capacity) {
    return new RolloutRows(capacity, null, null);
  }

  /** The rows of a later step, as {@link mpdp.backend.op.RolloutAdvance} leaves them. */
  public static RolloutRows compacted(TensorArena arena, int capacity) {
    return new RolloutRows(capacity, arena.allocate(1), arena.allocate(capacity));
  }

  /** {@link #count} of rows that another step leaves here. */
  public Buffer requireCount() {
    return Objects.requireNonNull(count, "the rows of a first step have no count");
  }

  /** {@link #root} of rows that another step leaves here. */
  public Buffer requireRoot() {
    return Objects.requireNonNull(root, "the rows of a first step are their own roots");
  }
}
