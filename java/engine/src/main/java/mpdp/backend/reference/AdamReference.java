package mpdp.backend.reference;

import mpdp.backend.op.Adam;

/** {@link Adam}. */
final class AdamReference {
  private AdamReference() {}

  static void run(Adam op) {
    if (Operands.get(op.clip(), 1) != 0) {
      return;
    }
    double scale = Operands.get(op.clip(), 0);
    double steps = Operands.get(op.clip(), 2);
    double firstCorrection = 1 - Math.pow(op.beta1(), steps);
    double secondCorrection = 1 - Math.pow(op.beta2(), steps);
    for (long i = 0; i < op.words(); i++) {
      double parameter = Operands.get(op.parameters(), i);
      double g = scale * Operands.get(op.gradients(), i) + op.decay() * parameter;
      double first = op.beta1() * Operands.get(op.first(), i) + (1.0 - op.beta1()) * g;
      double second = op.beta2() * Operands.get(op.second(), i) + (1.0 - op.beta2()) * g * g;
      double move = first / firstCorrection / (Math.sqrt(second / secondCorrection) + op.epsilon());
      Operands.set(op.first(), i, first);
      Operands.set(op.second(), i, second);
      Operands.set(op.parameters(), i, parameter - op.learningRate() * move);
    }
  }
}
