package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Negative log-likelihood of an ensemble of diagonal Gaussians and its gradient (PETS; MBPO).
 *
 * <p>heads is (members, rows, 2D): mean then raw log-variance. With bounds = (max (D), min (D)), lv
 * = max - softplus(max - raw), then lv = min + softplus(lv - min). loss[m] = mean over rows and
 * dimensions of (mean - target)^2 exp(-lv) + lv; squaredError[m] = mean of (mean - target)^2. The
 * means are over the present rows, and 0 where there are none. dHeads is the gradient of sum_m
 * loss[m], dBounds that of sum_m loss[m] + boundsWeight (sum max - sum min).
 *
 * @param privateTargets targets is (members, rows, D) instead of (rows, D)
 * @param dHeads or null: evaluate only
 * @param dBounds (2D) or null: fixed bounds
 */
public record GaussianNll(
    int members,
    int rows,
    int dimensions,
    boolean privateTargets,
    float boundsWeight,
    @In Buffer heads,
    @In Buffer targets,
    @In Buffer bounds,
    @In @Nullable Buffer count,
    @Out Buffer loss,
    @Out Buffer squaredError,
    @Out @Nullable Buffer dHeads,
    @Out @Nullable Buffer dBounds)
    implements Operation {

  public GaussianNll {
    Operation.need("heads", heads, 2L * members * rows * dimensions);
    Operation.need("targets", targets, (privateTargets ? (long) members : 1L) * rows * dimensions);
    Operation.need("bounds", bounds, 2L * dimensions);
    Operation.need("count", count, 1);
    Operation.need("loss", loss, members);
    Operation.need("squaredError", squaredError, members);
    Operation.need("dHeads", dHeads, 2L * members * rows * dimensions);
    Operation.need("dBounds", dBounds, 2L * dimensions);
  }

  @Override
  public Op op() {
    return Op.GAUSSIAN_NLL;
  }

  @Override
  public double flops() {
    return 40.0 * members * rows * dimensions;
  }
}
