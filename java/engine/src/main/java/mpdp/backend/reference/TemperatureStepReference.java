package mpdp.backend.reference;

import mpdp.backend.op.TemperatureStep;

/** {@link TemperatureStep}. */
final class TemperatureStepReference {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;

  private TemperatureStepReference() {}

  static void run(TemperatureStep op) {
    int present = Operands.present(op.rows(), op.count());
    double mean = 0;
    for (int row = 0; row < present; row++) {
      mean += (double) Operands.get(op.logProb(), row) / present;
    }
    if (present == 0 || !Double.isFinite(mean)) {
      return;
    }
    double gradient = -(mean + op.targetEntropy());
    double first = BETA_1 * Operands.get(op.state(), 2) + (1 - BETA_1) * gradient;
    double second = BETA_2 * Operands.get(op.state(), 3) + (1 - BETA_2) * gradient * gradient;
    double steps = Operands.get(op.state(), 4) + 1;
    double move =
        first
            / (1 - Math.pow(BETA_1, steps))
            / (Math.sqrt(second / (1 - Math.pow(BETA_2, steps))) + EPSILON);
    double logAlpha = Operands.get(op.state(), 1) - op.learningRate() * move;
    Operands.putAll(
        op.state(), 0, new double[] {Math.exp(logAlpha), logAlpha, first, second, steps}, false);
  }
}
