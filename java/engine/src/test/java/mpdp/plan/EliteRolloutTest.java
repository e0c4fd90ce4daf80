package mpdp.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.Draws;
import mpdp.backend.op.MlpShape;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.NetworkSizes;
import mpdp.nn.PolicyNetwork;
import mpdp.random.RandomStream;
import mpdp.rollout.TerminationBounds;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient by the actions against finite differences of the return. */
class EliteRolloutTest {
  private static final int STATES = 3;
  private static final int ACTIONS = 2;
  private static final int HORIZON = 3;
  private static final int CANDIDATES = 5;
  private static final int ELITES = 2;

  private final Backend backend = new ReferenceBackend();
  private final TensorArena arena = backend.arena("test");
  private final RandomStream random = new RandomStream(7, 0);
  private final Buffer sequence = arena.allocate(HORIZON * CANDIDATES * ACTIONS);
  private final Buffer gradient = arena.allocate(sequence.words());
  private final Buffer words = arena.allocate(Draws.WORDS);

  private PlanModel model(float bound, boolean valued) {
    DynamicsEnsemble dynamics =
        new DynamicsEnsemble(arena, STATES, ACTIONS, new NetworkSizes(4, 2, 9, false), ELITES);
    dynamics.initialize(random, -4, -1);
    dynamics.elites().write(2, 1);
    MlpShape policyShape = shape(1, STATES, 2 * ACTIONS);
    MlpShape criticShape = shape(2, STATES + ACTIONS, 1);
    EnsembleMlp policy = new EnsembleMlp(arena, policyShape, 0);
    policy.initialize(EnsembleMlp.Initialization.UNIFORM, random);
    EnsembleMlp critics = new EnsembleMlp(arena, criticShape, 0);
    critics.initialize(EnsembleMlp.Initialization.UNIFORM, random);
    return new PlanModel(
        dynamics,
        new TerminationBounds(constant(STATES, -bound), constant(STATES, bound), false),
        valued ? new PolicyNetwork(policy, STATES, ACTIONS, null, null) : null,
        valued
            ? new CriticNetwork(
                criticShape,
                critics.parameters(),
                STATES,
                ACTIONS,
                constant(STATES + ACTIONS, 0.1f),
                constant(STATES + ACTIONS, 0.8f))
            : null,
        0.9);
  }

  private static MlpShape shape(int members, int inputs, int outputs) {
    return new MlpShape(members, inputs, 8, 2, outputs, MlpShape.Activation.SILU, false);
  }

  private Buffer constant(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    Buffer buffer = arena.allocate(size);
    buffer.write(values);
    return buffer;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itIsTheDerivativeOfTheReturn(boolean valued) {
    compare(model(Float.POSITIVE_INFINITY, valued), false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void alsoWhereRolloutsEndEarly(boolean valued) {
    compare(model(0.302f, valued), true);
  }

  private void compare(PlanModel model, boolean someEnd) {
    EliteWeights weights = new EliteWeights(arena, model.dynamics());
    Buffer observation = arena.allocate(STATES);
    observation.write(0.1f, -0.2f, 0.3f);
    words.write(11, 12, 13, 0);
    float[] actions = new float[(int) sequence.words()];
    for (int i = 0; i < actions.length; i++) {
      actions[i] = (float) (1.6 * random.nextDouble() - 0.8);
    }
    sequence.write(actions);
    EliteRollout rollout =
        new EliteRollout(arena, model, weights, CANDIDATES, HORIZON, observation, sequence);
    backend
        .record(
            "start",
            r -> {
              weights.record(r);
              rollout.start(r);
            })
        .run();
    Program forward = backend.record("forward", r -> rollout.forward(r, words));
    forward.run();
    float[] weight = rollout.weight().floats();
    Arrays.sort(weight);
    assertThat(weight[0] == 0).as("some end early").isEqualTo(someEnd);
    assertThat(weight[weight.length - 1]).as("some do not").isPositive();
    backend.record("backward", r -> rollout.backward(r, gradient)).run();
    float[] actual = gradient.floats();
    double scale = 0;
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      scale = Math.max(scale, Math.abs(actual[i]));
      worst = Math.max(worst, Math.abs(actual[i] - numeric(rollout, forward, i)));
    }
    assertThat(scale).isGreaterThan(1e-3);
    assertThat(worst).isLessThan(0.01 * scale + 1e-5);
  }

  private double numeric(EliteRollout rollout, Program forward, int index) {
    float value = sequence.get(index);
    float step = 4e-3f;
    sequence.slice(index, 1).write(value + step);
    double up = loss(rollout, forward);
    sequence.slice(index, 1).write(value - step);
    double down = loss(rollout, forward);
    sequence.slice(index, 1).write(value);
    return (up - down) / (2 * step);
  }

  private static double loss(EliteRollout rollout, Program forward) {
    forward.run();
    double sum = 0;
    for (float value : rollout.objective().floats()) {
      sum -= value;
    }
    return sum / (CANDIDATES * ELITES);
  }
}
