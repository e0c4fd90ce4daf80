package mpdp.backend.reference;

import mpdp.backend.op.RolloutAdvance;

/** {@link RolloutAdvance}. */
final class RolloutAdvanceReference {
  private RolloutAdvanceReference() {}

  static void run(RolloutAdvance op) {
    int present = Operands.present(op.rows(), op.count());
    int states = op.states();
    int next = 0;
    for (int row = 0; row < present; row++) {
      int root = Operands.root(op.root(), row);
      boolean done = Operands.get(op.done(), row) != 0;
      Operands.set(op.length(), root, op.step() + 1);
      long from = (long) row * states;
      if (op.last() || done || uncertain(op, row)) {
        Operands.setInt(op.child(), row, -1);
        Operands.copy(op.next(), from, op.tailState(), (long) root * states, states);
        Operands.set(op.tailWeight(), root, done ? 0 : op.tailDiscount());
      } else {
        Operands.setInt(op.child(), row, next);
        Operands.setInt(op.nextRoot(), next, root);
        Operands.copy(op.next(), from, op.nextState(), (long) next * states, states);
        next++;
      }
    }
    Operands.setInt(op.nextCount(), 0, next);
  }

  private static boolean uncertain(RolloutAdvance op, int row) {
    return op.uncertainty() != null && !(Operands.get(op.uncertainty(), row) < op.threshold());
  }
}
