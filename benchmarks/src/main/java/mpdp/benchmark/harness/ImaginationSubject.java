package mpdp.benchmark.harness;

import java.util.Arrays;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Draws;
import mpdp.backend.op.Precision;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.NetworkSizes;
import mpdp.nn.PolicyNetwork;
import mpdp.random.RandomStream;
import mpdp.rollout.Imagination;
import mpdp.rollout.RolloutOptions;
import mpdp.rollout.RolloutStep;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/** {@link Imagination} with untrained networks of the usual sizes: particles that nothing stops. */
public final class ImaginationSubject implements Subject {
  private final TensorArena arena;
  private final int states;
  private final Imagination imagination;
  private final Program program;

  /** {@code rows} particles, {@code horizon} steps from fixed start states. */
  public ImaginationSubject(
      Backend backend, Shape shape, int rows, int horizon, Precision precision) {
    arena = backend.arena("imagination");
    states = shape.states();
    DynamicsEnsemble model =
        new DynamicsEnsemble(
            arena, states, shape.actions(), new NetworkSizes(7, 4, shape.modelWidth(), false), 5);
    model.predictIn(precision).initialize(new RandomStream(1, 1), -10, 0.5);
    PolicyNetwork policy =
        PolicyNetwork.create(
            arena, new NetworkSizes(1, 2, 256, false), states, shape.actions(), null);
    policy.network().initialize(EnsembleMlp.Initialization.UNIFORM, new RandomStream(1, 2));
    Buffer start = arena.allocate((long) rows * states);
    start.write(normals(rows * states));
    Buffer random = arena.allocate(Draws.WORDS);
    random.write(1, 2, 0, 0);
    RolloutOptions options = RolloutOptions.trusting(rows, horizon);
    imagination = new Imagination(arena, options, model, null, policy, start, 0);
    program =
        backend.record(
            "imagine",
            recorder -> {
              imagination.forward(recorder, random);
              recorder.add(new Advance(random));
            });
  }

  private static float[] normals(int count) {
    RandomStream stream = new RandomStream(1, 3);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) stream.nextGaussian();
    }
    return values;
  }

  /** State and reward of the first {@code count} particles after the last step. */
  public float[][] outcome(int count) {
    RolloutStep last = imagination.step(imagination.horizon() - 1);
    return new float[][] {
      Arrays.copyOf(last.next().floats(), count * states),
      Arrays.copyOf(last.reward().floats(), count)
    };
  }

  @Override
  public Program program() {
    return program;
  }

  @Override
  public void close() {
    program.close();
    arena.close();
  }
}
