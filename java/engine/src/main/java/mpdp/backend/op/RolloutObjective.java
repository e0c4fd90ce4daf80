package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One step's share of the extended policy improvement objective, J[root] += discount (reward -
 * alpha logProb - beta penalty), and the gradient of -(1 / roots) sum J: dReward = -discount /
 * roots, dLogProb = alpha discount / roots, dPenalty = beta discount / roots.
 *
 * @param discount g^h of this step
 * @param beta weight of the penalty
 * @param penalty (rows) or null
 * @param alpha the temperature (1 word)
 * @param objective (roots)
 */
public record RolloutObjective(
    int rows,
    int roots,
    float discount,
    float beta,
    @In Buffer reward,
    @In Buffer logProb,
    @In @Nullable Buffer penalty,
    @In Buffer alpha,
    @In @Nullable Buffer root,
    @In @Nullable Buffer count,
    @InOut Buffer objective,
    @Out Buffer dReward,
    @Out Buffer dLogProb,
    @Out @Nullable Buffer dPenalty)
    implements Operation {

  public RolloutObjective {
    Operation.need("reward", reward, rows);
    Operation.need("logProb", logProb, rows);
    Operation.need("penalty", penalty, rows);
    Operation.need("alpha", alpha, 1);
    Operation.need("root", root, rows);
    Operation.need("count", count, 1);
    Operation.need("objective", objective, roots);
    Operation.need("dReward", dReward, rows);
    Operation.need("dLogProb", dLogProb, rows);
    Operation.need("dPenalty", dPenalty, rows);
  }

  @Override
  public Op op() {
    return Op.ROLLOUT_OBJECTIVE;
  }

  @Override
  public double flops() {
    return 6.0 * rows;
  }
}
