package mpdp.benchmark.harness;

import java.util.Arrays;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Draws;
import mpdp.backend.op.GatherRows;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RouteRows;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.TransitionSample;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.NetworkSizes;
import mpdp.nn.Normalizer;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.PolicyPass;
import mpdp.random.RandomStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * Particles that walk through the model: a policy acts, a random elite per particle and step
 * answers, and only that member is computed.
 */
public final class Imagination implements Subject {
  /** Draw sites of one step: action, member, and two of the sample. */
  private static final int SITES = 4;

  private final TensorArena arena;
  private final int rows;
  private final DynamicsEnsemble model;
  private final PolicyNetwork policy;
  private final Buffer random;
  private final Buffer start;
  private final Buffer[] next = new Buffer[2];
  private final Buffer reward;
  private final Buffer input;
  private final Buffer sorted;
  private final Buffer sortedHeads;
  private final Buffer heads;
  private final Buffer only;
  private final Program program;
  private Buffer last;

  /** {@code rows} particles, {@code horizon} steps from fixed start states. */
  public Imagination(Backend backend, Shape shape, int rows, int horizon, Precision precision) {
    this.rows = rows;
    arena = backend.arena("imagination");
    int states = shape.states();
    model =
        new DynamicsEnsemble(
            arena, states, shape.actions(), new NetworkSizes(7, 4, shape.modelWidth(), false), 5);
    model.predictIn(precision).initialize(new RandomStream(1, 1), -10, 0.5);
    policy =
        PolicyNetwork.create(
            arena, new NetworkSizes(1, 2, 256, false), states, shape.actions(), null);
    policy.network().initialize(EnsembleMlp.Initialization.UNIFORM, new RandomStream(1, 2));
    start = arena.allocate((long) rows * states);
    start.write(normals(rows * states));
    random = arena.allocate(Draws.WORDS);
    random.write(1, 2, 0, 0);
    next[0] = arena.allocate((long) rows * states);
    next[1] = arena.allocate((long) rows * states);
    reward = arena.allocate(rows);
    long inputs = (long) rows * (states + shape.actions());
    input = arena.allocate(inputs);
    sorted = arena.allocate(inputs);
    heads = arena.allocate(2L * rows * (states + 1));
    sortedHeads = arena.allocate(2L * rows * (states + 1));
    only = arena.allocate(1);
    last = start;
    program = backend.record("imagine", recorder -> record(recorder, horizon));
  }

  private static float[] normals(int count) {
    RandomStream stream = new RandomStream(1, 3);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) stream.nextGaussian();
    }
    return values;
  }

  private void record(Recorder recorder, int horizon) {
    Buffer state = start;
    Buffer offsets = arena.allocate(model.members() + 1);
    Buffer order = arena.allocate(rows);
    Route route = new Route(order, offsets, arena.allocate(rows));
    Buffer chosen = arena.allocate(rows);
    Buffer eps = arena.allocate((long) rows * model.dimensions());
    for (int h = 0; h < horizon; h++) {
      int site = SITES * h;
      PolicyPass pass = PolicyPass.inference(arena, policy, 0, rows, site, false);
      pass.forward(recorder, state, random, null);
      predict(recorder, state, pass.action(), route, site + 1);
      recorder.add(sample(state, next[h % 2], site + 2, chosen, eps));
      state = next[h % 2];
    }
    recorder.add(new Advance(random));
    last = state;
  }

  /** Which rows go to which member. */
  private record Route(Buffer order, Buffer offsets, Buffer chosen) {}

  /** Sorts the particles by member, evaluates each by its own, and puts the heads back. */
  private void predict(Recorder recorder, Buffer state, Buffer action, Route route, int site) {
    Normalizer n = model.normalizer();
    MlpShape shape = model.network().shape();
    int members = model.members();
    recorder.add(
        new Normalize(
            rows,
            model.states(),
            model.actions(),
            state,
            action,
            n.inputMean(),
            n.inputInverse(),
            null,
            null,
            input));
    recorder.add(
        new RouteRows(
            members,
            rows,
            model.eliteCount(),
            site,
            model.elites(),
            random,
            null,
            null,
            null,
            route.order(),
            null,
            route.offsets(),
            route.chosen()));
    recorder.add(new GatherRows(rows, shape.inputs(), false, input, route.order(), null, sorted));
    recorder.add(
        new MlpForward(
            shape,
            rows,
            RowMode.ROUTED,
            0,
            members,
            model.precision(),
            sorted,
            model.network().parameters(),
            route.offsets(),
            null,
            null,
            sortedHeads));
    recorder.add(
        new GatherRows(rows, shape.outputs(), true, sortedHeads, route.order(), null, heads));
  }

  /** The heads hold one member's answer per row, so the sample is of an ensemble of one. */
  private TransitionSample sample(Buffer state, Buffer to, int site, Buffer chosen, Buffer eps) {
    Normalizer n = model.normalizer();
    return new TransitionSample(
        1,
        rows,
        model.states(),
        1,
        site,
        1,
        heads,
        model.bounds(),
        n.outputMean(),
        n.outputScale(),
        state,
        only,
        random,
        null,
        null,
        to,
        reward,
        chosen,
        eps);
  }

  /** State and reward of the first {@code count} particles after the last step. */
  public float[][] outcome(int count) {
    float[] states = Arrays.copyOf(last.floats(), count * model.states());
    return new float[][] {states, Arrays.copyOf(reward.floats(), count)};
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
