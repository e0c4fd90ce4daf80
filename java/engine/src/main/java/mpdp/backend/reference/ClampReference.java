package mpdp.backend.reference;

import mpdp.backend.op.Clamp;

/** {@link Clamp}. */
final class ClampReference {
  private ClampReference() {}

  static void run(Clamp op) {
    for (long i = 0; i < op.words(); i++) {
      float value = Operands.get(op.target(), i);
      Operands.set(op.target(), i, Math.min(Math.max(value, op.low()), op.high()));
    }
  }
}
