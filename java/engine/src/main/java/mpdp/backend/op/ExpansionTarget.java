package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Model-based value expansion, one step back: where the rollout went on (child >= 0), y = reward +
 * discount (nextTarget[child] - alpha nextLogProb[child]); where it stopped, y = reward + discount
 * (1 - done) tailValue[root].
 *
 * @param nextTarget (rows) of the following step, or null after the last step
 * @param nextLogProb (rows) of the following step, or null after the last step
 * @param tailValue (roots)
 */
public record ExpansionTarget(
    int rows,
    int roots,
    float discount,
    @In Buffer reward,
    @In Buffer done,
    @In Buffer child,
    @In @Nullable Buffer root,
    @In @Nullable Buffer nextTarget,
    @In @Nullable Buffer nextLogProb,
    @In Buffer tailValue,
    @In Buffer alpha,
    @In @Nullable Buffer count,
    @Out Buffer target)
    implements Operation {

  public ExpansionTarget {
    Operation.need("reward", reward, rows);
    Operation.need("done", done, rows);
    Operation.need("child", child, rows);
    Operation.need("root", root, rows);
    Operation.need("nextTarget", nextTarget, rows);
    Operation.need("nextLogProb", nextLogProb, rows);
    Operation.need("tailValue", tailValue, roots);
    Operation.need("alpha", alpha, 1);
    Operation.need("count", count, 1);
    Operation.need("target", target, rows);
  }

  @Override
  public Op op() {
    return Op.EXPANSION_TARGET;
  }

  @Override
  public double flops() {
    return 4.0 * rows;
  }
}
