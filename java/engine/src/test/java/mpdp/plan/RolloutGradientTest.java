package mpdp.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.Draws;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.UncertaintyScale;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.Scratch;
import mpdp.random.RandomStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policies' gradient through whole rollouts against finite differences of the objective. */
class RolloutGradientTest {
  private static final int ROWS = 6;
  private static final int STATES = 3;
  private static final int ACTIONS = 2;
  private static final int HORIZON = 3;

  private final Backend backend = new ReferenceBackend();
  private final TensorArena arena = backend.arena("test");
  private final RandomStream random = new RandomStream(7, 0);

  /** Objective of the policies, with everything else and all draws fixed. */
  private final class Problem {
    final EnsembleMlp policies;
    final RolloutTail tail;
    final Rollout rollout;
    final Program forward;
    final Program backward;

    Problem(boolean shared, UncertaintyScale scale, double threshold, boolean tailGradient) {
      MlpShape policyShape = shape(shared ? 1 : HORIZON, STATES, 2 * ACTIONS, false);
      policies = new EnsembleMlp(arena, policyShape, 0);
      policies.initialize(EnsembleMlp.Initialization.UNIFORM, random);
      DynamicsEnsemble model = new DynamicsEnsemble(arena, STATES, ACTIONS, 3, 2, 2, 9);
      model.initialize(random, -4, -1);
      MlpShape criticShape = shape(2, STATES + ACTIONS, 1, true);
      EnsembleMlp critics = new EnsembleMlp(arena, criticShape, 0);
      critics.initialize(EnsembleMlp.Initialization.UNIFORM, random);
      Buffer words = arena.allocate(Draws.WORDS);
      words.write(11, 12, 13, 0);
      Buffer alpha = arena.allocate(1);
      alpha.write(0.3f);
      PolicyNetwork network = new PolicyNetwork(policies, STATES, ACTIONS, null, null);
      tail =
          new RolloutTail(
              arena,
              ROWS,
              arena.allocate(ROWS * STATES),
              true,
              network,
              new CriticNetwork(
                  criticShape,
                  critics.parameters(),
                  STATES,
                  ACTIONS,
                  constant(STATES + ACTIONS, 0.1f),
                  constant(STATES + ACTIONS, 0.8f)),
              alpha,
              1);
      Buffer start = arena.allocate(ROWS * STATES);
      start.write(normals(ROWS * STATES));
      rollout =
          new Rollout(
              arena,
              new PlanOptions(ROWS, HORIZON, shared, scale, threshold, 0.7, 0.9),
              model,
              new TerminationTest(constant(STATES, -1.5f), constant(STATES, 1.5f), false),
              network,
              tail,
              start,
              new Scratch(arena),
              10);
      forward = backend.record("forward", r -> rollout.forward(r, words));
      backward = backend.record("backward", r -> rollout.backward(r, tailGradient));
    }

    double loss() {
      forward.run();
      double sum = 0;
      for (float j : tail.objective().floats()) {
        sum -= j;
      }
      return sum / ROWS;
    }
  }

  private static MlpShape shape(int members, int in, int out, boolean norm) {
    return new MlpShape(members, in, 8, 2, out, MlpShape.Activation.SILU, norm);
  }

  private Buffer constant(int words, float value) {
    Buffer buffer = arena.allocate(words);
    float[] values = new float[words];
    Arrays.fill(values, value);
    buffer.write(values);
    return buffer;
  }

  private float[] normals(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double numeric(Problem problem, int index) {
    Buffer parameter = problem.policies.parameters().slice(index, 1);
    float value = parameter.get(0);
    float step = 4e-3f;
    parameter.write(value + step);
    double up = problem.loss();
    parameter.write(value - step);
    double down = problem.loss();
    parameter.write(value);
    return (up - down) / (2 * step);
  }

  private static void compare(Problem problem, int from, int to) {
    problem.loss();
    problem.backward.run();
    float[] gradient = problem.policies.gradients().floats();
    double scale = 0;
    double worst = 0;
    for (int i = from; i < to; i++) {
      scale = Math.max(scale, Math.abs(gradient[i]));
      worst = Math.max(worst, Math.abs(gradient[i] - numeric(problem, i)));
    }
    assertThat(scale).isGreaterThan(1e-3);
    assertThat(worst).isLessThan(0.02 * scale + 2e-4);
  }

  @ParameterizedTest
  @CsvSource({"true, LOG", "false, LOG", "true, RAW", "false, RAW"})
  void everyPolicysGradientIsTheDerivativeOfTheObjective(boolean shared, UncertaintyScale scale) {
    Problem problem = new Problem(shared, scale, Double.POSITIVE_INFINITY, true);
    compare(problem, 0, (int) problem.policies.shape().parameterWords());
  }

  @Test
  void laterPoliciesAreTrainedThroughRolloutsThatStopEarly() {
    Problem probe = new Problem(false, UncertaintyScale.LOG, Double.POSITIVE_INFINITY, true);
    probe.loss();
    float[] uncertainty = probe.rollout.uncertainty(0).floats();
    Arrays.sort(uncertainty);
    Problem problem = new Problem(false, UncertaintyScale.LOG, uncertainty[ROWS / 2], false);
    problem.loss();
    float[] length = problem.tail.length().floats();
    Arrays.sort(length);
    assertThat(length[0]).as("shortest").isLessThan(length[ROWS - 1]);
    MlpShape shape = problem.policies.shape();
    int weights = shape.in(0) * shape.out(0);
    compare(problem, weights, 2 * weights);
  }
}
