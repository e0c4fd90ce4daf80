package mpdp.backend.reference;

import mpdp.backend.op.Fill;

/** {@link Fill}. */
final class FillReference {
  private FillReference() {}

  static void run(Fill op) {
    for (long i = 0; i < op.words(); i++) {
      Operands.set(op.target(), i, op.value());
    }
  }
}
