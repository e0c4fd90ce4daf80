package mpdp.backend.reference;

import mpdp.backend.op.RolloutObjective;

/** {@link RolloutObjective}. */
final class RolloutObjectiveReference {
  private RolloutObjectiveReference() {}

  static void run(RolloutObjective op) {
    double alpha = Operands.get(op.alpha(), 0);
    double share = (double) op.discount() / op.roots();
    int present = Operands.present(op.rows(), op.count());
    for (int row = 0; row < present; row++) {
      double penalty = op.penalty() == null ? 0 : Operands.get(op.penalty(), row);
      double gain =
          Operands.get(op.reward(), row)
              - alpha * Operands.get(op.logProb(), row)
              - op.beta() * penalty;
      Operands.put(op.objective(), Operands.root(op.root(), row), op.discount() * gain, true);
      Operands.set(op.dReward(), row, -share);
      Operands.set(op.dLogProb(), row, alpha * share);
      if (op.dPenalty() != null) {
        Operands.set(op.dPenalty(), row, op.beta() * share);
      }
    }
  }
}
