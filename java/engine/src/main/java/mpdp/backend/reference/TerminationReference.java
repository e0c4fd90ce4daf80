package mpdp.backend.reference;

import mpdp.backend.op.Termination;

/** {@link Termination}. */
final class TerminationReference {
  private TerminationReference() {}

  static void run(Termination op) {
    int present = Operands.present(op.rows(), op.count());
    for (int row = 0; row < present; row++) {
      Operands.set(op.done(), row, inside(op, row) ? 0 : 1);
    }
  }

  private static boolean inside(Termination op, int row) {
    for (int i = 0; i < op.states(); i++) {
      float value = Operands.get(op.next(), (long) row * op.states() + i);
      float low = Operands.get(op.low(), i);
      float high = Operands.get(op.high(), i);
      if (!(op.inclusive() ? value >= low && value <= high : value > low && value < high)) {
        return false;
      }
    }
    return true;
  }
}
