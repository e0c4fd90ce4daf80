package mpdp.backend.reference;

import mpdp.backend.op.Polyak;

/** {@link Polyak}. */
final class PolyakReference {
  private PolyakReference() {}

  static void run(Polyak op) {
    for (long i = 0; i < op.words(); i++) {
      double target = Operands.get(op.target(), i);
      Operands.set(op.target(), i, target + op.rate() * (Operands.get(op.source(), i) - target));
    }
  }
}
