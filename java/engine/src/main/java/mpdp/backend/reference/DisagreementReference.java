package mpdp.backend.reference;

import mpdp.backend.op.Disagreement;
import mpdp.backend.op.UncertaintyScale;

/** {@link Disagreement}. */
final class DisagreementReference {
  private DisagreementReference() {}

  static void run(Disagreement op) {
    int present = Operands.present(op.rows(), op.count());
    for (int row = 0; row < present; row++) {
      double sum = 0;
      for (int d = 0; d < op.dimensions(); d++) {
        sum +=
            new OneVersusRest(
                    op.heads(), op.bounds(), op.members(), op.rows(), op.dimensions(), row, d)
                .divergence();
      }
      double u = OneVersusRest.uncertainty(op.scale(), sum, op.members() * op.dimensions());
      Operands.set(op.uncertainty(), row, u);
      Operands.set(
          op.penalty(),
          row,
          op.scale() == UncertaintyScale.RAW ? u : Smooth.softplus(u - op.threshold()));
    }
  }
}
