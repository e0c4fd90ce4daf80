package mpdp.backend.reference;

import mpdp.backend.op.SequenceGather;

/** {@link SequenceGather}. */
final class SequenceGatherReference {
  private SequenceGatherReference() {}

  static void run(SequenceGather op) {
    int states = op.states();
    int actions = op.actions();
    int present = Operands.present(op.rows(), op.count());
    for (int k = 0; k < present; k++) {
      int row = Operands.getInt(op.order(), k);
      int root = Operands.root(op.root(), row);
      long from = op.common() ? 0 : (long) row * states;
      long candidate = root % op.candidates();
      Operands.copy(op.state(), from, op.routedState(), (long) k * states, states);
      Operands.setInt(op.routedRoot(), k, root);
      Operands.copy(
          op.action(), candidate * actions, op.routedAction(), (long) k * actions, actions);
    }
  }
}
