package mpdp.backend.reference;

import mpdp.backend.op.SequenceScore;

/** {@link SequenceScore}. */
final class SequenceScoreReference {
  private SequenceScoreReference() {}

  static void run(SequenceScore op) {
    for (int row = 0; row < op.rows(); row++) {
      double weight = Operands.get(op.weight(), row);
      boolean ends = weight == 0 || Operands.get(op.done(), row) != 0;
      if (weight != 0) {
        Operands.put(op.objective(), row, weight * Operands.get(op.reward(), row), true);
      }
      Operands.set(op.dReward(), row, -weight / op.rows());
      if (ends) {
        long at = (long) row * op.states();
        Operands.copy(op.state(), at, op.next(), at, op.states());
      }
      Operands.set(op.weight(), row, ends ? 0 : weight * op.discount());
    }
  }
}
