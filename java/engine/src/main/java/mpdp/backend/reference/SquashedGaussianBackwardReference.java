package mpdp.backend.reference;

import mpdp.backend.op.SquashedGaussianBackward;

/**
 * {@link SquashedGaussianBackward}. The tanh correction's derivative by the value before tanh is 2
 * action.
 */
final class SquashedGaussianBackwardReference {
  private SquashedGaussianBackwardReference() {}

  static void run(SquashedGaussianBackward op) {
    int present = Operands.present(op.rows(), op.count());
    for (int row = 0; row < present; row++) {
      double dLogProb = Operands.get(op.dLogProb(), row);
      for (int j = 0; j < op.actions(); j++) {
        long at = (long) row * op.actions() + j;
        long headAt = (long) row * 2 * op.actions() + j;
        double action = Operands.get(op.action(), at);
        double dMean =
            Operands.get(op.dAction(), at) * (1 - action * action) + 2 * action * dLogProb;
        double raw = Operands.get(op.head(), headAt + op.actions());
        boolean inside =
            raw >= SquashedGaussianReference.LOWEST && raw <= SquashedGaussianReference.HIGHEST;
        double dRaw = dMean * Math.exp(raw) * Operands.get(op.eps(), at) - dLogProb;
        Operands.set(op.dHead(), headAt, dMean);
        Operands.set(op.dHead(), headAt + op.actions(), inside ? dRaw : 0);
      }
    }
  }
}
