package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The soft value that ends every rollout, V = min_j q_j - alpha logProb, J += weight V, and the
 * gradient of -(1 / rows) sum J: dQ of the smallest critic (the first one on ties) = -weight /
 * rows, dLogProb = alpha weight / rows. With weight 1 it is SAC's actor loss.
 *
 * @param q (critics, rows)
 * @param weight (rows) or null: 1 everywhere
 * @param value V (rows)
 * @param objective (rows)
 * @param dQ (critics, rows)
 */
public record TailValue(
    int rows,
    int critics,
    @In Buffer q,
    @In Buffer logProb,
    @In Buffer alpha,
    @In @Nullable Buffer weight,
    @Out Buffer value,
    @InOut Buffer objective,
    @Out Buffer dQ,
    @Out Buffer dLogProb)
    implements Operation {

  public TailValue {
    Operation.need("q", q, (long) critics * rows);
    Operation.need("logProb", logProb, rows);
    Operation.need("alpha", alpha, 1);
    Operation.need("weight", weight, rows);
    Operation.need("value", value, rows);
    Operation.need("objective", objective, rows);
    Operation.need("dQ", dQ, (long) critics * rows);
    Operation.need("dLogProb", dLogProb, rows);
  }

  @Override
  public Op op() {
    return Op.TAIL_VALUE;
  }

  @Override
  public double flops() {
    return 5.0 * rows * critics;
  }
}
