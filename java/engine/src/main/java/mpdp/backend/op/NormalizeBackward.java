package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Backward pass of {@link Normalize}: dState and dAction are dx times invStd.
 *
 * @param place int32 (rows): the place of each row in dx, or null: row i is at i
 * @param dState (rows, states) or null
 * @param dAction (rows, actions) or null
 */
public record NormalizeBackward(
    int rows,
    int states,
    int actions,
    boolean accumulateState,
    boolean accumulateAction,
    @In Buffer dx,
    @In Buffer invStd,
    @In @Nullable Buffer count,
    @In @Nullable Buffer place,
    @InOut @Nullable Buffer dState,
    @InOut @Nullable Buffer dAction)
    implements Operation {

  public NormalizeBackward {
    Operation.need("dx", dx, (long) rows * (states + actions));
    Operation.need("invStd", invStd, states + actions);
    Operation.need("count", count, 1);
    Operation.need("place", place, rows);
    Operation.need("dState", dState, (long) rows * states);
    Operation.need("dAction", dAction, (long) rows * actions);
  }

  @Override
  public Op op() {
    return Op.NORMALIZE_BACKWARD;
  }

  @Override
  public double flops() {
    return 2.0 * rows * (states + actions);
  }
}
