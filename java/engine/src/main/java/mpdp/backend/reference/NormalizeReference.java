package mpdp.backend.reference;

import mpdp.backend.op.Normalize;

/** {@link Normalize}. */
final class NormalizeReference {
  private NormalizeReference() {}

  static void run(Normalize op) {
    int present = Operands.present(op.rows(), op.count());
    int width = op.states() + op.actions();
    for (int row = 0; row < present; row++) {
      long place = Operands.place(op.place(), row);
      for (int i = 0; i < width; i++) {
        double value =
            i < op.states() || op.action() == null
                ? Operands.get(op.state(), (long) row * op.states() + i)
                : Operands.get(op.action(), (long) row * op.actions() + i - op.states());
        double x = (value - Operands.get(op.mean(), i)) * Operands.get(op.invStd(), i);
        Operands.set(op.x(), place * width + i, x);
      }
    }
  }
}
