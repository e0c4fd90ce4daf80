package mpdp.backend.reference;

import mpdp.backend.op.Copy;

/** {@link Copy}. */
final class CopyReference {
  private CopyReference() {}

  static void run(Copy op) {
    Operands.copy(op.source(), 0, op.target(), 0, op.words());
  }
}
