package mpdp.backend.reference;

import mpdp.backend.op.TransitionSampleBackward;

/** {@link TransitionSampleBackward}. */
final class TransitionSampleBackwardReference {
  private TransitionSampleBackwardReference() {}

  static void run(TransitionSampleBackward op) {
    int present = Operands.present(op.rows(), op.count());
    for (int row = 0; row < present; row++) {
      for (int member = 0; member < op.members(); member++) {
        heads(op, member, row);
      }
      for (int d = 0; d < op.states(); d++) {
        long at = (long) row * op.states() + d;
        Operands.put(op.dState(), at, Operands.get(op.dNext(), at), op.accumulateState());
      }
    }
  }

  private static void heads(TransitionSampleBackward op, int member, int row) {
    int dimensions = op.states() + 1;
    long headRow = (long) member * op.rows() + Operands.place(op.place(), row);
    boolean chosen = Operands.getInt(op.chosen(), row) == member;
    for (int d = 0; d < dimensions; d++) {
      double dMean = 0;
      double dRaw = 0;
      if (chosen) {
        GaussianHead head = GaussianHead.read(op.heads(), op.bounds(), dimensions, headRow, d);
        double dOut =
            d < op.states()
                ? Operands.get(op.dNext(), (long) row * op.states() + d)
                : Operands.get(op.dReward(), row);
        double eps = Operands.get(op.eps(), (long) row * dimensions + d);
        dMean = dOut * Operands.get(op.outputScale(), d);
        dRaw = dMean * op.noise() * eps * head.deviation() / 2 * head.byRaw();
      }
      long at = headRow * 2 * dimensions + d;
      Operands.put(op.dHeads(), at, dMean, op.accumulateHeads());
      Operands.put(op.dHeads(), at + dimensions, dRaw, op.accumulateHeads());
    }
  }
}
