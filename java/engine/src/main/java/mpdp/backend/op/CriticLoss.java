package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Squared error of all critics: loss[j] = mean over present rows of (q_j - target)^2 / 2, dQ =
 * weight (q_j - target) / rows. The divisor of dQ is the capacity, so that rows of a shrunken batch
 * keep their weight; loss divides by the rows present (0 when there are none).
 *
 * @param q (critics, rows)
 * @param loss (critics)
 */
public record CriticLoss(
    int rows,
    int critics,
    float weight,
    @In Buffer q,
    @In Buffer target,
    @In @Nullable Buffer count,
    @Out Buffer dQ,
    @Out Buffer loss)
    implements Operation {

  public CriticLoss {
    Operation.need("q", q, (long) critics * rows);
    Operation.need("target", target, rows);
    Operation.need("count", count, 1);
    Operation.need("dQ", dQ, (long) critics * rows);
    Operation.need("loss", loss, critics);
  }

  @Override
  public Op op() {
    return Op.CRITIC_LOSS;
  }

  @Override
  public double flops() {
    return 5.0 * rows * critics;
  }
}
