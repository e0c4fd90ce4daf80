package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Tanh-squashed Gaussian policy head: action = tanh(mean + exp(ls) eps), ls = clamp(raw, -20, 2).
 *
 * <p>head is (rows, 2A): mean then raw log-std. eps[row, j] is the normal of element r A + j at
 * site with r = root[row], or 0 when deterministic: draws are numbered by root, as in {@link
 * TransitionSample}. logProb = sum_j -eps^2 / 2 - ls - log(2 pi) / 2 - 2 (log 2 - p - softplus(-2
 * p)) with p the value before tanh (the numerically stable tanh correction).
 *
 * @param root int32 (rows): the start state of each row, or null: row i is root i
 * @param action (rows, A) in (-1, 1)
 * @param logProb (rows) or null
 * @param eps (rows, A), kept for the backward pass
 */
public record SquashedGaussian(
    int rows,
    int actions,
    int site,
    boolean deterministic,
    @In Buffer head,
    @In Buffer random,
    @In @Nullable Buffer count,
    @In @Nullable Buffer root,
    @Out Buffer action,
    @Out @Nullable Buffer logProb,
    @Out Buffer eps)
    implements Operation {

  public SquashedGaussian {
    Operation.need("head", head, 2L * rows * actions);
    Operation.need("random", random, Draws.WORDS);
    Operation.need("count", count, 1);
    Operation.need("root", root, rows);
    Operation.need("action", action, (long) rows * actions);
    Operation.need("logProb", logProb, rows);
    Operation.need("eps", eps, (long) rows * actions);
  }

  @Override
  public Op op() {
    return Op.SQUASHED_GAUSSIAN;
  }

  @Override
  public double flops() {
    return 60.0 * rows * actions;
  }
}
