package mpdp.rollout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.Draws;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Operation;
import mpdp.backend.op.UncertaintyScale;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.NetworkSizes;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.Scratch;
import mpdp.random.RandomStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies' gradient through whole rollouts against finite differences of the objective. */
class RolloutGradientTest {
  private static final int ROWS = 6;
  private static final int STATES = 3;
  private static final int ACTIONS = 2;
  private static final int HORIZON = 3;

  /** Of differences: truncation and the rounding of float32 outputs are both about 5e-6. */
  private static final float STEP = 0x1p-7f;

  private static final double NEVER = Double.POSITIVE_INFINITY;

  /** Of plans that are asked for an uncertainty. */
  private static final double PENALTY = 0.7;

  private final Backend backend = new ReferenceBackend();
  private final TensorArena arena = backend.arena("test");
  private RandomStream random = new RandomStream(7, 0);

  private static RolloutOptions options(boolean shared, UncertaintyScale scale, double threshold) {
    return new RolloutOptions(
        ROWS, HORIZON, shared, new UncertaintyOptions(scale, threshold, PENALTY), 0.9);
  }

  /** Neither penalty nor threshold. */
  private static RolloutOptions trusting(boolean shared, boolean uncertainty) {
    UncertaintyOptions asked = new UncertaintyOptions(UncertaintyScale.LOG, NEVER, 0);
    return new RolloutOptions(ROWS, HORIZON, shared, uncertainty ? asked : null, 0.9);
  }

  /**
   * Objective of the policies, with everything else and all draws fixed: all problems have the same
   * networks and draws.
   */
  private final class Problem {
    final EnsembleMlp policies;
    final RolloutTail tail;
    final Rollout rollout;
    final Program forward;
    final Program backward;

    Problem(RolloutOptions options, boolean tailGradient) {
      random = new RandomStream(7, 0);
      MlpShape policyShape =
          shape(options.sharedPolicy() ? 1 : HORIZON, STATES, 2 * ACTIONS, false);
      policies = new EnsembleMlp(arena, policyShape, 0);
      policies.initialize(EnsembleMlp.Initialization.UNIFORM, random);
      DynamicsEnsemble model =
          new DynamicsEnsemble(arena, STATES, ACTIONS, new NetworkSizes(4, 2, 9, false), 3);
      model.initialize(random, -4, -1);
      model.elites().write(3, 0, 1);
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
              options,
              model,
              new TerminationBounds(constant(STATES, -1.5f), constant(STATES, 1.5f), false),
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

  /** Five-point difference of the objective by one word of the policies. */
  private static double numeric(Problem problem, int index) {
    Buffer parameter = problem.policies.parameters().slice(index, 1);
    float value = parameter.get(0);
    double near = at(problem, parameter, value + STEP) - at(problem, parameter, value - STEP);
    double far =
        at(problem, parameter, value + 2 * STEP) - at(problem, parameter, value - 2 * STEP);
    parameter.write(value);
    return (8 * near - far) / (12 * STEP);
  }

  private static double at(Problem problem, Buffer parameter, float value) {
    parameter.write(value);
    return problem.loss();
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
    assertThat(worst).isLessThan(1e-4 * scale + 2e-5);
  }

  @ParameterizedTest
  @CsvSource({"true, LOG", "false, LOG", "true, RAW", "false, RAW"})
  void everyPolicysGradientIsTheDerivativeOfTheObjective(boolean shared, UncertaintyScale scale) {
    Problem problem = new Problem(options(shared, scale, NEVER), true);
    compare(problem, 0, (int) problem.policies.shape().parameterWords());
  }

  @Test
  void laterPoliciesAreTrainedThroughRolloutsThatStopEarly() {
    Problem probe = new Problem(options(false, UncertaintyScale.LOG, NEVER), true);
    probe.loss();
    float[] uncertainty = requireNonNull(probe.rollout.step(0).uncertainty()).floats();
    Arrays.sort(uncertainty);
    Problem problem =
        new Problem(options(false, UncertaintyScale.LOG, uncertainty[ROWS / 2]), false);
    problem.loss();
    checkThatSomeStopEarly(problem);
    MlpShape shape = problem.policies.shape();
    int weights = shape.in(0) * shape.out(0);
    compare(problem, weights, 2 * weights);
  }

  /** Between two rows' uncertainties, where no difference makes one of them stop. */
  @Test
  void everyPolicysGradientIsTheDerivativeWhereSomeAreTooUncertain() {
    Problem probe = new Problem(options(false, UncertaintyScale.LOG, NEVER), true);
    probe.loss();
    float[] uncertainty = requireNonNull(probe.rollout.step(0).uncertainty()).floats();
    Arrays.sort(uncertainty);
    double threshold = 0.5 * (uncertainty[ROWS / 2 - 1] + uncertainty[ROWS / 2]);
    Problem problem = new Problem(options(false, UncertaintyScale.LOG, threshold), true);
    problem.loss();
    checkThatSomeStopEarly(problem);
    assertThat(requireNonNull(problem.rollout.step(1).rows().count()).getInt(0))
        .isBetween(1, ROWS / 2);
    compare(problem, 0, (int) problem.policies.shape().parameterWords());
  }

  private static void checkThatSomeStopEarly(Problem problem) {
    float[] length = problem.tail.length().floats();
    Arrays.sort(length);
    assertThat(length[0]).as("shortest").isLessThan(length[ROWS - 1]);
    assertThat(length[ROWS - 1]).as("longest").isEqualTo(HORIZON);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutUncertaintyTheGradientIsTheDerivativeToo(boolean shared) {
    Problem problem = new Problem(trusting(shared, false), true);
    compare(problem, 0, (int) problem.policies.shape().parameterWords());
    checkThatSomeStopEarly(problem);
    assertThat(problem.rollout.step(0).uncertainty()).isNull();
  }

  @Test
  void rowsThatOneEliteComputesAreThoseThatAllMembersCompute() {
    Problem all = new Problem(trusting(false, true), true);
    Problem elite = new Problem(trusting(false, false), true);
    assertThat(elite.loss()).isEqualTo(all.loss());
    all.backward.run();
    elite.backward.run();
    for (int h = 0; h < HORIZON; h++) {
      assertThat(elite.rollout.step(h).next().floats())
          .isEqualTo(all.rollout.step(h).next().floats());
      assertThat(elite.rollout.step(h).reward().floats())
          .isEqualTo(all.rollout.step(h).reward().floats());
    }
    assertThat(elite.tail.length().floats()).isEqualTo(all.tail.length().floats());
    assertThat(elite.policies.gradients().floats())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(all.policies.gradients().floats());
    assertThat(flops(elite.forward)).isLessThan(flops(all.forward) / 2);
    assertThat(elite.forward.operations()).hasSameSizeAs(all.forward.operations());
    assertThat(elite.backward.operations()).hasSameSizeAs(all.backward.operations());
  }

  private static double flops(Program program) {
    return program.operations().stream().mapToDouble(Operation::flops).sum();
  }
}
