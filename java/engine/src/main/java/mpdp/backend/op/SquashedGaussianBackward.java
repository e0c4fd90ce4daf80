package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Backward pass of {@link SquashedGaussian} with eps held fixed (reparameterisation): from dAction
 * (rows, A) and dLogProb (rows) to dHead (rows, 2A). The log-std clamp passes no gradient outside.
 */
public record SquashedGaussianBackward(
    int rows,
    int actions,
    @In Buffer head,
    @In Buffer action,
    @In Buffer eps,
    @In Buffer dAction,
    @In Buffer dLogProb,
    @In @Nullable Buffer count,
    @Out Buffer dHead)
    implements Operation {

  public SquashedGaussianBackward {
    Operation.need("head", head, 2L * rows * actions);
    Operation.need("action", action, (long) rows * actions);
    Operation.need("eps", eps, (long) rows * actions);
    Operation.need("dAction", dAction, (long) rows * actions);
    Operation.need("dLogProb", dLogProb, rows);
    Operation.need("count", count, 1);
    Operation.need("dHead", dHead, 2L * rows * actions);
  }

  @Override
  public Op op() {
    return Op.SQUASHED_GAUSSIAN_BACKWARD;
  }

  @Override
  public double flops() {
    return 20.0 * rows * actions;
  }
}
