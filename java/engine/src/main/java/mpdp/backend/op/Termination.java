package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Whether predicted states are terminal: done = 0 where every dimension lies between low and high
 * (strictly, or including the bounds), else 1; a NaN is terminal.
 *
 * @param next (rows, states)
 * @param low (states), -infinity where unbounded
 * @param high (states), +infinity where unbounded
 * @param done (rows), 0 or 1
 */
public record Termination(
    int rows,
    int states,
    boolean inclusive,
    @In Buffer next,
    @In Buffer low,
    @In Buffer high,
    @In @Nullable Buffer count,
    @Out Buffer done)
    implements Operation {

  public Termination {
    Operation.need("next", next, (long) rows * states);
    Operation.need("low", low, states);
    Operation.need("high", high, states);
    Operation.need("count", count, 1);
    Operation.need("done", done, rows);
  }

  @Override
  public Op op() {
    return Op.TERMINATION;
  }

  @Override
  public double flops() {
    return 2.0 * rows * states;
  }
}
