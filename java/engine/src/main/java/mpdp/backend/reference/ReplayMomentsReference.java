package mpdp.backend.reference;

import mpdp.backend.op.ReplayMoments;

/** {@link ReplayMoments}, in two passes per column. */
final class ReplayMomentsReference {
  private static final double SMALLEST = 1e-6;

  private ReplayMomentsReference() {}

  static void run(ReplayMoments op) {
    int inputs = op.states() + op.actions();
    for (int i = 0; i < inputs; i++) {
      double[] moments = moments(op, i, -1);
      Operands.set(op.inputMean(), i, moments[0]);
      Operands.set(op.inputInvStd(), i, 1 / moments[1]);
    }
    for (int d = 0; op.targets() && d <= op.states(); d++) {
      double[] moments =
          d == op.states() ? moments(op, inputs, -1) : moments(op, inputs + 1 + d, d);
      Operands.set(op.outputMean(), d, moments[0]);
      Operands.set(op.outputScale(), d, moments[1]);
    }
  }

  /** Mean and standard deviation of a column, less another one unless that is -1. */
  private static double[] moments(ReplayMoments op, int column, int less) {
    int size = Operands.getInt(op.size(), 0);
    double mean = 0;
    for (int row = 0; row < size; row++) {
      mean += value(op, row, column, less);
    }
    mean /= size;
    double variance = 0;
    for (int row = 0; row < size; row++) {
      double distance = value(op, row, column, less) - mean;
      variance += distance * distance;
    }
    double deviation = Math.sqrt(variance / size);
    return new double[] {mean, deviation < SMALLEST ? 1 : deviation};
  }

  private static double value(ReplayMoments op, int row, int column, int less) {
    long at = (long) row * (2 * op.states() + op.actions() + 2);
    double value = Operands.get(op.columns(), at + column);
    return less < 0 ? value : value - Operands.get(op.columns(), at + less);
  }
}
