package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Backward pass of {@link TransitionSample}: from dNext (rows, states) and dReward (rows) to dHeads
 * (members, rows, 2D) of the chosen member (zero for the others when overwriting) and dState (rows,
 * states), which receives dNext (the identity path).
 *
 * @param place int32 (rows): the place of each row in heads and dHeads, or null: row i is at i
 */
public record TransitionSampleBackward(
    int members,
    int rows,
    int states,
    float noise,
    boolean accumulateHeads,
    boolean accumulateState,
    @In Buffer heads,
    @In Buffer bounds,
    @In Buffer outputScale,
    @In Buffer chosen,
    @In Buffer eps,
    @In Buffer dNext,
    @In Buffer dReward,
    @In @Nullable Buffer count,
    @In @Nullable Buffer place,
    @InOut Buffer dHeads,
    @InOut Buffer dState)
    implements Operation {

  public TransitionSampleBackward {
    Operation.need("heads", heads, 2L * members * rows * (states + 1));
    Operation.need("bounds", bounds, 2L * (states + 1));
    Operation.need("outputScale", outputScale, states + 1);
    Operation.need("chosen", chosen, rows);
    Operation.need("eps", eps, (long) rows * (states + 1));
    Operation.need("dNext", dNext, (long) rows * states);
    Operation.need("dReward", dReward, rows);
    Operation.need("count", count, 1);
    Operation.need("place", place, rows);
    Operation.need("dHeads", dHeads, 2L * members * rows * (states + 1));
    Operation.need("dState", dState, (long) rows * states);
  }

  @Override
  public Op op() {
    return Op.TRANSITION_SAMPLE_BACKWARD;
  }

  @Override
  public double flops() {
    return 20.0 * rows * (states + 1);
  }
}
