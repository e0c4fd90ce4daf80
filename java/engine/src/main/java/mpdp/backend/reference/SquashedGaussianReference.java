package mpdp.backend.reference;

import mpdp.backend.op.SquashedGaussian;

/** {@link SquashedGaussian}. */
final class SquashedGaussianReference {
  static final double LOWEST = -20;
  static final double HIGHEST = 2;
  private static final double LOG_2 = Math.log(2);
  private static final double HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

  private SquashedGaussianReference() {}

  static void run(SquashedGaussian op) {
    PhiloxDraws draws = new PhiloxDraws(op.random(), op.site());
    int present = Operands.present(op.rows(), op.count());
    for (int row = 0; row < present; row++) {
      double logProb = 0;
      long drawn = (long) Operands.root(op.root(), row) * op.actions();
      for (int j = 0; j < op.actions(); j++) {
        long at = (long) row * op.actions() + j;
        long headAt = (long) row * 2 * op.actions() + j;
        double logStd = Math.clamp(Operands.get(op.head(), headAt + op.actions()), LOWEST, HIGHEST);
        double eps = op.deterministic() ? 0 : draws.normal(drawn + j);
        double p = Operands.get(op.head(), headAt) + Math.exp(logStd) * eps;
        double correction = 2 * (LOG_2 - p - Smooth.softplus(-2 * p));
        logProb += -eps * eps / 2 - logStd - HALF_LOG_TWO_PI - correction;
        Operands.set(op.eps(), at, eps);
        Operands.set(op.action(), at, Math.tanh(p));
      }
      if (op.logProb() != null) {
        Operands.set(op.logProb(), row, logProb);
      }
    }
  }
}
