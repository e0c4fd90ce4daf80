package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Backward pass of {@link Disagreement}: from dPenalty (rows) to dHeads (members, rows, 2D),
 * through every member's own and leave-one-out moments.
 */
public record DisagreementBackward(
    int members,
    int rows,
    int dimensions,
    UncertaintyScale scale,
    float threshold,
    boolean accumulate,
    @In Buffer heads,
    @In Buffer bounds,
    @In Buffer dPenalty,
    @In @Nullable Buffer count,
    @InOut Buffer dHeads)
    implements Operation {

  public DisagreementBackward {
    Operation.need("heads", heads, 2L * members * rows * dimensions);
    Operation.need("bounds", bounds, 2L * dimensions);
    Operation.need("dPenalty", dPenalty, rows);
    Operation.need("count", count, 1);
    Operation.need("dHeads", dHeads, 2L * members * rows * dimensions);
  }

  @Override
  public Op op() {
    return Op.DISAGREEMENT_BACKWARD;
  }

  @Override
  public double flops() {
    return 60.0 * members * rows * dimensions;
  }
}
