package mpdp.backend.reference;

import mpdp.backend.op.ExpansionTarget;

/** {@link ExpansionTarget}. */
final class ExpansionTargetReference {
  private ExpansionTargetReference() {}

  static void run(ExpansionTarget op) {
    int present = Operands.present(op.rows(), op.count());
    for (int row = 0; row < present; row++) {
      Operands.set(
          op.target(), row, Operands.get(op.reward(), row) + op.discount() * continuation(op, row));
    }
  }

  private static double continuation(ExpansionTarget op, int row) {
    int child = Operands.getInt(op.child(), row);
    if (child >= 0 && op.nextTarget() != null && op.nextLogProb() != null) {
      double alpha = Operands.get(op.alpha(), 0);
      return Operands.get(op.nextTarget(), child) - alpha * Operands.get(op.nextLogProb(), child);
    }
    double alive = 1 - Operands.get(op.done(), row);
    return alive * Operands.get(op.tailValue(), Operands.root(op.root(), row));
  }
}
