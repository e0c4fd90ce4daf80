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
      long weights = (long) shape.in(layer) * shape.out(layer);
      copy(recorder, shape.weights(layer) + member * weights, weights, from, to);
      long biases = shape.out(layer);
      copy(recorder, shape.bias(layer) + member * biases, biases, from, to);
    }
  }

  private static void copy(Recorder recorder, long at, long words, Buffer from, Buffer to) {
    recorder.add(new Copy(words, from.slice(at, words), to.slice(at, words)));
  }
}
