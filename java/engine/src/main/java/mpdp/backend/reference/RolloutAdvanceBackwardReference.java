package mpdp.backend.reference;

import mpdp.backend.op.RolloutAdvanceBackward;

/** {@link RolloutAdvanceBackward}. */
final class RolloutAdvanceBackwardReference {
  private RolloutAdvanceBackwardReference() {}

  static void run(RolloutAdvanceBackward op) {
    int present = Operands.present(op.rows(), op.count());
    int states = op.states();
    for (int row = 0; row < present; row++) {
      int child = Operands.getInt(op.child(), row);
      long to = (long) row * states;
      if (child >= 0 && op.dNextState() != null) {
        Operands.copy(op.dNextState(), (long) child * states, op.dNext(), to, states);
      } else {
        long root = Operands.root(op.root(), row);
        Operands.copy(op.dTailState(), root * states, op.dNext(), to, states);
      }
    }
  }
}
