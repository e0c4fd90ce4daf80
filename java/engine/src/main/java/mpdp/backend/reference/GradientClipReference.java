package mpdp.backend.reference;

import mpdp.backend.op.GradientClip;

/** {@link GradientClip}. */
final class GradientClipReference {
  private GradientClipReference() {}

  static void run(GradientClip op) {
    double sum = 0;
    for (long i = 0; i < op.words(); i++) {
      double gradient = Operands.get(op.gradients(), i);
      sum += gradient * gradient;
    }
    float norm = (float) Math.sqrt(sum);
    boolean finite = Float.isFinite(norm);
    double scale = !finite ? 0 : op.maxNorm() > 0 ? Math.min(1, op.maxNorm() / norm) : 1;
    Operands.set(op.clip(), 0, scale);
    Operands.set(op.clip(), 1, finite ? 0 : 1);
    Operands.put(op.clip(), 2, finite ? 1 : 0, true);
    Operands.set(op.clip(), 3, norm);
    Operands.put(op.clip(), 4, finite ? 0 : 1, true);
  }
}
