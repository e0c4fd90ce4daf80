package mpdp.backend.reference;

import mpdp.backend.op.GaussianNll;

/** {@link GaussianNll}. */
final class GaussianNllReference {
  private GaussianNllReference() {}

  static void run(GaussianNll op) {
    double[] dBounds = new double[2 * op.dimensions()];
    for (int d = 0; d < op.dimensions(); d++) {
      dBounds[d] = op.boundsWeight();
      dBounds[op.dimensions() + d] = -op.boundsWeight();
    }
    for (int member = 0; member < op.members(); member++) {
      member(op, member, dBounds);
    }
    if (op.dBounds() != null) {
      Operands.putAll(op.dBounds(), 0, dBounds, false);
    }
  }

  private static void member(GaussianNll op, int member, double[] dBounds) {
    int present = Operands.present(op.rows(), op.count());
    int dimensions = op.dimensions();
    double share = 1.0 / ((double) present * dimensions);
    double loss = 0;
    double squaredError = 0;
    for (int row = 0; row < present; row++) {
      long headRow = (long) member * op.rows() + row;
      long targetRow = op.privateTargets() ? headRow : row;
      for (int d = 0; d < dimensions; d++) {
        GaussianHead head = GaussianHead.read(op.heads(), op.bounds(), dimensions, headRow, d);
        double error = head.mean() - Operands.get(op.targets(), targetRow * dimensions + d);
        double scaled = error * Math.exp(-head.logVariance());
        loss += share * (error * scaled + head.logVariance());
        squaredError += share * error * error;
        double dLogVariance = share * (1 - error * scaled);
        dBounds[d] += dLogVariance * head.byMax();
        dBounds[dimensions + d] += dLogVariance * head.byMin();
        if (op.dHeads() != null) {
          long at = headRow * 2 * dimensions + d;
          Operands.set(op.dHeads(), at, 2 * share * scaled);
          Operands.set(op.dHeads(), at + dimensions, dLogVariance * head.byRaw());
        }
      }
    }
    Operands.set(op.loss(), member, loss);
    Operands.set(op.squaredError(), member, squaredError);
  }
}
