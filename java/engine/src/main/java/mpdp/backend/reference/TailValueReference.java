package mpdp.backend.reference;

import mpdp.backend.op.TailValue;

/** {@link TailValue}. */
final class TailValueReference {
  private TailValueReference() {}

  static void run(TailValue op) {
    double alpha = Operands.get(op.alpha(), 0);
    int rows = op.rows();
    for (int row = 0; row < rows; row++) {
      double weight = op.weight() == null ? 1 : Operands.get(op.weight(), row);
      int least = Operands.leastCritic(op.q(), op.critics(), rows, row);
      double value =
          Operands.get(op.q(), (long) least * rows + row) - alpha * Operands.get(op.logProb(), row);
      Operands.set(op.value(), row, value);
      Operands.put(op.objective(), row, weight * value, true);
      for (int j = 0; j < op.critics(); j++) {
        Operands.set(op.dQ(), (long) j * rows + row, j == least ? -weight / rows : 0);
      }
      Operands.set(op.dLogProb(), row, alpha * weight / rows);
    }
  }
}
