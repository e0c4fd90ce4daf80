package mpdp.backend.reference;

import mpdp.backend.op.SequenceSample;

/** {@link SequenceSample}. */
final class SequenceSampleReference {
  private SequenceSampleReference() {}

  static void run(SequenceSample op) {
    PhiloxDraws draws = new PhiloxDraws(op.random(), op.site());
    for (int h = 0; h < op.steps(); h++) {
      for (int row = op.first(); row < op.rows(); row++) {
        for (int j = 0; j < op.actions(); j++) {
          long at = ((long) h * op.rows() + row) * op.actions() + j;
          long step = (long) h * op.actions() + j;
          double value =
              Operands.get(op.mean(), step) + Operands.get(op.deviation(), step) * draws.normal(at);
          Operands.set(op.sequence(), at, Math.min(Math.max(value, -1), 1));
        }
      }
    }
  }
}
