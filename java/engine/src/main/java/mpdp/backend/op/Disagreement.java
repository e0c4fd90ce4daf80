package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One-vs-rest uncertainty of an ensemble of Gaussians (paper, section on model regularisation).
 *
 * <p>KL_{i,d} = KL(N(mean_i, var_i) || N(mean_-i, var_-i)) for member i and dimension d, where -i
 * is the moment-matched mixture of the other members: mean_-i = mean of means, var_-i = mean of
 * (var + mean^2) - mean_-i^2. Heads and bounds as in {@link GaussianNll}. RAW: u = sum_{i,d} KL,
 * penalty = u. LOG: u = log(mean_{i,d} KL + 1e-8), penalty = softplus(u - threshold). Needs at
 * least 2 members.
 *
 * @param uncertainty u (rows)
 * @param penalty (rows), before the factor beta
 */
public record Disagreement(
    int members,
    int rows,
    int dimensions,
    UncertaintyScale scale,
    float threshold,
    @In Buffer heads,
    @In Buffer bounds,
    @In @Nullable Buffer count,
    @Out Buffer uncertainty,
    @Out Buffer penalty)
    implements Operation {

  public Disagreement {
    if (members < 2) {
      throw new IllegalArgumentException("one-vs-rest uncertainty needs at least 2 members");
    }
    Operation.need("heads", heads, 2L * members * rows * dimensions);
    Operation.need("bounds", bounds, 2L * dimensions);
    Operation.need("count", count, 1);
    Operation.need("uncertainty", uncertainty, rows);
    Operation.need("penalty", penalty, rows);
  }

  @Override
  public Op op() {
    return Op.DISAGREEMENT;
  }

  @Override
  public double flops() {
    return 30.0 * members * rows * dimensions;
  }
}
