package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * SAC's target: y = reward + discount (1 - done) (min_j q_j - alpha logProb).
 *
 * @param q target critics at the next state and a fresh action (critics, rows)
 */
public record CriticTarget(
    int rows,
    int critics,
    float discount,
    @In Buffer q,
    @In Buffer logProb,
    @In Buffer alpha,
    @In Buffer reward,
    @In Buffer done,
    @Out Buffer target)
    implements Operation {

  public CriticTarget {
    Operation.need("q", q, (long) critics * rows);
    Operation.need("logProb", logProb, rows);
    Operation.need("alpha", alpha, 1);
    Operation.need("reward", reward, rows);
    Operation.need("done", done, rows);
    Operation.need("target", target, rows);
  }

  @Override
  public Op op() {
    return Op.CRITIC_TARGET;
  }

  @Override
  public double flops() {
    return 5.0 * rows * critics;
  }
}
