package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * Global-norm clipping and the guard against non-finite gradients (decision 8). norm =
 * ||gradients||; if it is finite: clip = (scale = maxNorm > 0 ? min(1, maxNorm / norm) : 1, skip =
 * 0, steps + 1, norm, skipped); otherwise scale = 0, skip = 1, norm as it is and skipped + 1.
 * {@link Adam} reads it.
 *
 * @param clip (scale, skip, steps, norm, skipped): {@link #WORDS}, steps and skipped count up
 */
public record GradientClip(long words, float maxNorm, @In Buffer gradients, @InOut Buffer clip)
    implements Operation {
  /** Words of {@code clip}. */
  public static final int WORDS = 5;

  public GradientClip {
    Operation.need("gradients", gradients, words);
    Operation.need("clip", clip, WORDS);
  }

  @Override
  public Op op() {
    return Op.GRADIENT_CLIP;
  }

  @Override
  public double flops() {
    return 2.0 * words;
  }
}
