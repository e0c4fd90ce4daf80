package mpdp.backend.reference;

import mpdp.backend.op.NormalizeBackward;

/** {@link NormalizeBackward}. */
final class NormalizeBackwardReference {
  private NormalizeBackwardReference() {}

  static void run(NormalizeBackward op) {
    int present = Operands.present(op.rows(), op.count());
    int states = op.states();
    int actions = op.actions();
    int width = states + actions;
    for (int row = 0; row < present; row++) {
      long place = Operands.place(op.place(), row);
      for (int i = 0; i < width; i++) {
        double dx = Operands.get(op.dx(), place * width + i) * Operands.get(op.invStd(), i);
        if (i < states && op.dState() != null) {
          Operands.put(op.dState(), (long) row * states + i, dx, op.accumulateState());
        } else if (i >= states && op.dAction() != null) {
          Operands.put(op.dAction(), (long) row * actions + i - states, dx, op.accumulateAction());
        }
      }
    }
  }
}
