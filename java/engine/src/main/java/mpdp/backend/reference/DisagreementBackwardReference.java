package mpdp.backend.reference;

import mpdp.backend.op.DisagreementBackward;

/** {@link DisagreementBackward}. */
final class DisagreementBackwardReference {
  private DisagreementBackwardReference() {}

  static void run(DisagreementBackward op) {
    int present = Operands.present(op.rows(), op.count());
    OneVersusRest[] parts = new OneVersusRest[op.dimensions()];
    for (int row = 0; row < present; row++) {
      double sum = 0;
      for (int d = 0; d < op.dimensions(); d++) {
        parts[d] =
            new OneVersusRest(
                op.heads(), op.bounds(), op.members(), op.rows(), op.dimensions(), row, d);
        sum += parts[d].divergence();
      }
      double slope =
          Operands.get(op.dPenalty(), row)
              * OneVersusRest.penaltySlope(
                  op.scale(), op.threshold(), sum, op.members() * op.dimensions());
      for (int member = 0; member < op.members(); member++) {
        store(op, parts, slope, member, row);
      }
    }
  }

  private static void store(
      DisagreementBackward op, OneVersusRest[] parts, double slope, int member, int row) {
    long at = ((long) member * op.rows() + row) * 2 * op.dimensions();
    for (int d = 0; d < op.dimensions(); d++) {
      double dMean = slope * parts[d].byMean(member);
      double dRaw = slope * parts[d].byRaw(member);
      Operands.put(op.dHeads(), at + d, dMean, op.accumulate());
      Operands.put(op.dHeads(), at + op.dimensions() + d, dRaw, op.accumulate());
    }
  }
}
