package mpdp.backend.reference;

import mpdp.backend.op.ModelGather;
import mpdp.random.Philox;

/** {@link ModelGather}. */
final class ModelGatherReference {
  private final ModelGather op;
  private final int size;
  private final int generation;
  private final PhiloxDraws draws;
  private final long key;
  private final int[] block = new int[4];

  private ModelGatherReference(ModelGather op) {
    this.op = op;
    this.size = Operands.getInt(op.size(), 0);
    this.generation = Operands.getInt(op.control(), 0);
    this.draws = new PhiloxDraws(op.random(), op.site());
    this.key = PhiloxDraws.key(op.random());
  }

  static void run(ModelGather op) {
    ModelGatherReference gather = new ModelGatherReference(op);
    if (op.holdout()) {
      gather.holdout();
    } else {
      gather.training();
    }
  }

  private void holdout() {
    long first = (long) Operands.getInt(op.control(), 1) * op.rows();
    long holdout = size / op.fold();
    long looked = Math.min(holdout, (long) op.chunks() * op.rows());
    int present = (int) Math.clamp(looked - first, 0, op.rows());
    Operands.setInt(op.present(), 0, present);
    for (int i = 0; i < present; i++) {
      row(i, (first + i) * holdout / looked * op.fold() + op.fold() - 1);
    }
  }

  private void training() {
    int count = size - size / op.fold();
    Operands.setInt(op.present(), 0, count == 0 ? 0 : op.rows());
    for (int member = 0; member < op.members() && count > 0; member++) {
      for (int i = 0; i < op.rows(); i++) {
        int place = member * op.rows() + i;
        int j = draws.index(place, count);
        Philox.block(j, op.site() + 1, generation, member, key, block);
        int t = PhiloxDraws.scale(block[0], count);
        row(place, t + t / (op.fold() - 1));
      }
    }
  }

  /** Writes x and target of place {@code to} from ring row {@code from}. */
  private void row(long to, long from) {
    int inputs = op.states() + op.actions();
    int states = op.states();
    long at = from * (2L * states + op.actions() + 2);
    for (int i = 0; i < inputs; i++) {
      double value = Operands.get(op.columns(), at + i);
      double x = (value - Operands.get(op.inputMean(), i)) * Operands.get(op.inputInvStd(), i);
      Operands.set(op.x(), to * inputs + i, x);
    }
    for (int d = 0; d <= states; d++) {
      double change =
          d == states
              ? Operands.get(op.columns(), at + inputs)
              : (double) Operands.get(op.columns(), at + inputs + 1 + d)
                  - Operands.get(op.columns(), at + d);
      double target =
          (change - Operands.get(op.outputMean(), d)) / Operands.get(op.outputScale(), d);
      Operands.set(op.target(), to * (states + 1) + d, target);
    }
  }
}
