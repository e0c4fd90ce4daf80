package mpdp.agent;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.Copy;
import mpdp.backend.op.MlpShape;
import mpdp.nn.EnsembleMlp;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/** The best weights of each member of an ensemble so far. */
final class BestMembers {
  private final List<Program> keep = new ArrayList<>();
  private final List<Program> restore = new ArrayList<>();

  BestMembers(Backend backend, TensorArena arena, EnsembleMlp network) {
    Buffer parameters = network.parameters();
    Buffer best = arena.allocate(parameters.words());
    MlpShape shape = network.shape();
    for (int member = 0; member < shape.members(); member++) {
      int m = member;
      keep.add(backend.record("keep member", r -> record(r, shape, m, parameters, best)));
      restore.add(backend.record("restore member", r -> record(r, shape, m, best, parameters)));
    }
  }

  /** Remembers the member's present weights. */
  void keep(int member) {
    keep.get(member).run();
  }

  /** Puts the remembered weights of every member back. */
  void restore() {
    restore.forEach(Program::run);
  }

  private static void record(
      Recorder recorder, MlpShape shape, int member, Buffer from, Buffer to) {
    for (int layer = 0; layer <= shape.layers(); layer++) {
      for (MlpShape.Block block : shape.blocks(layer)) {
        long at = block.of(member);
        recorder.add(
            new Copy(block.width(), from.slice(at, block.width()), to.slice(at, block.width())));
      }
    }
  }
}
