package mpdp.backend.reference;

import mpdp.backend.op.ReplayGather;
import mpdp.tensor.Buffer;

/** {@link ReplayGather}. */
final class ReplayGatherReference {
  private ReplayGatherReference() {}

  static void run(ReplayGather op) {
    PhiloxDraws draws = new PhiloxDraws(op.random(), op.site());
    int size = Operands.getInt(op.size(), 0);
    int states = op.states();
    int actions = op.actions();
    Buffer columns = op.columns();
    for (int row = 0; row < op.rows(); row++) {
      int index = draws.index(row, size);
      long at = (long) index * (2 * states + actions + 2);
      long reward = at + states + actions;
      Operands.setInt(op.index(), row, index);
      Operands.copy(columns, at, op.state(), (long) row * states, states);
      Operands.copy(columns, at + states, op.action(), (long) row * actions, actions);
      Operands.copy(columns, reward, op.reward(), row, 1);
      Operands.copy(columns, reward + 1, op.next(), (long) row * states, states);
      Operands.copy(columns, reward + 1 + states, op.done(), row, 1);
    }
  }
}
