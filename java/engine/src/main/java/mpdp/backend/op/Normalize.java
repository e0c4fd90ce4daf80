package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Joins state and action and standardises them: x = ((state, action) - mean) invStd. Row i of x is
 * at place[i] where {@code place} is given.
 *
 * @param actions 0 with a null action: the state alone
 * @param mean (states + actions)
 * @param invStd (states + actions), 1 / standard deviation
 * @param place int32 (rows), see {@link RouteRows}, or null: row i is at i
 * @param x (rows, states + actions)
 */
public record Normalize(
    int rows,
    int states,
    int actions,
    @In Buffer state,
    @In @Nullable Buffer action,
    @In Buffer mean,
    @In Buffer invStd,
    @In @Nullable Buffer count,
    @In @Nullable Buffer place,
    @Out Buffer x)
    implements Operation {

  public Normalize {
    if ((actions == 0) != (action == null)) {
      throw new IllegalArgumentException("actions is 0 exactly when there is no action operand");
    }
    Operation.need("state", state, (long) rows * states);
    Operation.need("action", action, (long) rows * actions);
    Operation.need("mean", mean, states + actions);
    Operation.need("invStd", invStd, states + actions);
    Operation.need("count", count, 1);
    Operation.need("place", place, rows);
    Operation.need("x", x, (long) rows * (states + actions));
  }

  @Override
  public Op op() {
    return Op.NORMALIZE;
  }

  @Override
  public double flops() {
    return 2.0 * rows * (states + actions);
  }
}
