package mpdp.backend.reference;

import mpdp.backend.op.CriticTarget;

/** {@link CriticTarget}. */
final class CriticTargetReference {
  private CriticTargetReference() {}

  static void run(CriticTarget op) {
    double alpha = Operands.get(op.alpha(), 0);
    for (int row = 0; row < op.rows(); row++) {
      double value =
          Operands.leastQ(op.q(), op.critics(), op.rows(), row)
              - alpha * Operands.get(op.logProb(), row);
      double alive = 1 - Operands.get(op.done(), row);
      Operands.set(
          op.target(), row, Operands.get(op.reward(), row) + op.discount() * alive * value);
    }
  }
}
