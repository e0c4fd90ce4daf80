package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Backward pass of {@link RolloutAdvance}: dNext[i] = dNextState[child[i]] where the row went on,
 * else dTailState[root].
 *
 * @param dNextState (rows, states), or null after the last step
 * @param dTailState (roots, states)
 * @param dNext (rows, states)
 */
public record RolloutAdvanceBackward(
    int rows,
    int roots,
    int states,
    @In Buffer child,
    @In @Nullable Buffer root,
    @In @Nullable Buffer dNextState,
    @In Buffer dTailState,
    @In @Nullable Buffer count,
    @Out Buffer dNext)
    implements Operation {

  public RolloutAdvanceBackward {
    Operation.need("child", child, rows);
    Operation.need("root", root, rows);
    Operation.need("dNextState", dNextState, (long) rows * states);
    Operation.need("dTailState", dTailState, (long) roots * states);
    Operation.need("count", count, 1);
    Operation.need("dNext", dNext, (long) rows * states);
  }

  @Override
  public Op op() {
    return Op.ROLLOUT_ADVANCE_BACKWARD;
  }

  @Override
  public double flops() {
    return 1.0 * rows * states;
  }
}
