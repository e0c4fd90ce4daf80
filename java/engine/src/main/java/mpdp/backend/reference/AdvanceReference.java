package mpdp.backend.reference;

import mpdp.backend.op.Advance;

/** {@link Advance}. */
final class AdvanceReference {
  private AdvanceReference() {}

  static void run(Advance op) {
    int low = Operands.getInt(op.random(), 2) + 1;
    Operands.setInt(op.random(), 2, low);
    if (low == 0) {
      Operands.setInt(op.random(), 3, Operands.getInt(op.random(), 3) + 1);
    }
  }
}
