package mpdp.backend.reference;

import mpdp.backend.op.CriticLoss;

/** {@link CriticLoss}. */
final class CriticLossReference {
  private CriticLossReference() {}

  static void run(CriticLoss op) {
    int present = Operands.present(op.rows(), op.count());
    for (int j = 0; j < op.critics(); j++) {
      double sum = 0;
      for (int row = 0; row < present; row++) {
        long at = (long) j * op.rows() + row;
        double error = (double) Operands.get(op.q(), at) - Operands.get(op.target(), row);
        sum += error * error / 2;
        Operands.set(op.dQ(), at, op.weight() * error / op.rows());
      }
      Operands.set(op.loss(), j, present == 0 ? 0 : sum / present);
    }
  }
}
