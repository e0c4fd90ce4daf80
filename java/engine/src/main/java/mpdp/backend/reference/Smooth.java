package mpdp.backend.reference;

/** Smooth functions in forms that neither overflow nor cancel. */
final class Smooth {
  private Smooth() {}

  /** log(1 + e^x). */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** 1 / (1 + e^-x), the derivative of {@link #softplus}. */
  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
