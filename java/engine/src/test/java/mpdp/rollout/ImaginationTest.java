package mpdp.rollout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Draws;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.UncertaintyScale;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.NetworkSizes;
import mpdp.nn.PolicyNetwork;
import mpdp.random.RandomStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What happens in imagination: by hand where the model is known, and on every back end alike. */
class ImaginationTest {
  private static final int ROWS = 40;
  private static final int HORIZON = 4;
  private static final double PUSH = 0.2;

  private final Backend backend = new ReferenceBackend();
  private final TensorArena arena = backend.arena("test");

  /** What a test asks of an imagination, on whatever back end. */
  private static final class Walk {
    final Imagination imagination;
    final float[] start;

    Walk(
        Backend backend,
        TensorArena arena,
        RolloutOptions options,
        DynamicsEnsemble model,
        @Nullable TerminationBounds termination) {
      int states = model.states();
      RandomStream random = new RandomStream(7, 0);
      MlpShape shape =
          new MlpShape(1, states, 8, 1, 2 * model.actions(), MlpShape.Activation.RELU, false);
      EnsembleMlp policy = new EnsembleMlp(arena, shape, 0);
      policy.initialize(EnsembleMlp.Initialization.UNIFORM, random);
      start = new float[options.rows() * states];
      for (int i = 0; i < start.length; i++) {
        start[i] = (float) random.nextGaussian();
      }
      Buffer states0 = arena.allocate(start.length);
      states0.write(start);
      Buffer words = arena.allocate(Draws.WORDS);
      words.write(11, 12, 13, 0);
      PolicyNetwork policies = new PolicyNetwork(policy, states, model.actions(), null, null);
      imagination = new Imagination(arena, options, model, termination, policies, states0, 3);
      try (Program program = backend.record("imagine", r -> imagination.forward(r, words))) {
        program.run();
      }
    }

    RolloutStep step(int h) {
      return imagination.step(h);
    }

    int count(int h) {
      Buffer count = step(h).rows().count();
      return count == null ? step(h).rows().capacity() : count.getInt(0);
    }

    int root(int h, int row) {
      Buffer root = step(h).rows().root();
      return root == null ? row : root.getInt(row);
    }
  }

  /** A point p' = p + 0.2 a, paid p'; every elite says so, and asking another member gives NaN. */
  private DynamicsEnsemble point() {
    return new HandMadeModel(1, 1, 2)
        .of(0, PUSH)
        .change(0, 1)
        .of(1, PUSH)
        .change(1, 1)
        .build(arena, 1e-6);
  }

  private TerminationBounds bounds(float high) {
    return TerminationBounds.of(arena, new float[] {-100}, new float[] {high}, true);
  }

  @Test
  void everyStepIsTheModelsFromWhereTheOneBeforeLed() {
    Walk walk = new Walk(backend, arena, RolloutOptions.trusting(ROWS, HORIZON), point(), null);
    float[] state = walk.start;
    for (int h = 0; h < HORIZON; h++) {
      RolloutStep step = walk.step(h);
      assertThat(step.state().floats()).isEqualTo(state);
      float[] action = step.action().floats();
      float[] next = step.next().floats();
      for (int i = 0; i < ROWS; i++) {
        assertThat(action[i]).isBetween(-1f, 1f);
        assertThat((double) next[i]).isCloseTo(state[i] + PUSH * action[i], within(1e-4));
        assertThat(step.reward().get(i)).isCloseTo(next[i], within(1e-4f));
        assertThat(step.child().getInt(i)).isEqualTo(h == HORIZON - 1 ? -1 : i);
      }
      assertThat(distinct(action)).as("actions are drawn").hasSize(ROWS);
      assertThat(step.done().floats()).containsOnly(0);
      assertThat(step.uncertainty()).isNull();
      state = next;
    }
    assertThat(walk.imagination.ends().state().floats()).isEqualTo(state);
    assertThat(walk.imagination.ends().length().floats()).containsOnly(HORIZON);
    assertThat(walk.imagination.ends().weight().floats()).containsOnly(1);
  }

  private static Set<Float> distinct(float[] values) {
    Set<Float> distinct = new TreeSet<>();
    for (float value : values) {
      distinct.add(value);
    }
    return distinct;
  }

  @Test
  void everyRowAndStepDrawsItsElite() {
    DynamicsEnsemble model = point();
    MlpShape shape = model.network().shape();
    long change = shape.bias(1) + (long) HandMadeModel.ELITES[0] * shape.outputs();
    model.network().parameters().slice(change, 1).write(10f);
    Walk walk = new Walk(backend, arena, RolloutOptions.trusting(ROWS, HORIZON), model, null);
    Set<String> paths = new TreeSet<>();
    int jumps = 0;
    for (int i = 0; i < ROWS; i++) {
      StringBuilder path = new StringBuilder();
      for (int h = 0; h < HORIZON; h++) {
        boolean jumped = walk.step(h).next().get(i) - walk.step(h).state().get(i) > 5;
        path.append(jumped ? 'j' : '-');
        jumps += jumped ? 1 : 0;
      }
      paths.add(path.toString());
    }
    assertThat(jumps).as("of 160, half by the elite that jumps").isBetween(55, 105);
    assertThat(paths).as("of 16").hasSizeGreaterThan(8);
  }

  @Test
  void aWalkEndsInATerminalStateAndTheOthersGoOn() {
    float edge = 0.5f;
    Walk walk =
        new Walk(
            backend,
            arena,
            new RolloutOptions(ROWS, HORIZON, true, null, 0.5),
            point(),
            bounds(edge));
    List<Integer> alive = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      alive.add(i);
    }
    float[] at = walk.start;
    RolloutEnds ends = walk.imagination.ends();
    int ended = 0;
    for (int h = 0; h < HORIZON; h++) {
      RolloutStep step = walk.step(h);
      assertThat(walk.count(h)).isEqualTo(alive.size());
      List<Integer> survivors = new ArrayList<>();
      for (int row = 0; row < alive.size(); row++) {
        int root = alive.get(row);
        assertThat(walk.root(h, row)).isEqualTo(root);
        assertThat(step.state().get(row)).isEqualTo(at[root]);
        float next = step.next().get(row);
        assertThat((double) next).isCloseTo(at[root] + PUSH * step.action().get(row), within(1e-4));
        at[root] = next;
        boolean terminal = next > edge;
        assertThat(step.done().get(row)).isEqualTo(terminal ? 1 : 0);
        if (terminal || h == HORIZON - 1) {
          assertThat(step.child().getInt(row)).isEqualTo(-1);
          assertThat(ends.state().get(root)).isEqualTo(next);
          assertThat(ends.length().get(root)).isEqualTo(h + 1);
          assertThat(ends.weight().get(root)).isEqualTo(terminal ? 0 : (float) Math.pow(0.5, 4));
          ended += terminal ? 1 : 0;
        } else {
          assertThat(step.child().getInt(row)).isEqualTo(survivors.size());
          survivors.add(root);
        }
      }
      alive = survivors;
    }
    assertThat(ended).as("some of 40").isBetween(10, 30);
  }

  /** Stops at u >= threshold in an untrained model. */
  private static RolloutOptions doubting(double threshold) {
    UncertaintyOptions asked = new UncertaintyOptions(UncertaintyScale.LOG, threshold, 0);
    return new RolloutOptions(ROWS, HORIZON, true, asked, 0.9);
  }

  /** A threshold that half of the rows reach in their first step. */
  private double medianUncertainty() {
    float[] u = uncertainty(new Walk(backend, arena, doubting(1e9), untrained(arena), null));
    Arrays.sort(u);
    return (u[ROWS / 2 - 1] + (double) u[ROWS / 2]) / 2;
  }

  @Test
  void aWalkEndsWhereMembersDisagree() {
    double threshold = medianUncertainty();
    Walk walk = new Walk(backend, arena, doubting(threshold), untrained(arena), null);
    float[] u = uncertainty(walk);
    assertThat(walk.count(1)).isEqualTo(ROWS / 2);
    for (int i = 0; i < ROWS; i++) {
      assertThat(walk.step(0).child().getInt(i) == -1).isEqualTo(u[i] >= threshold);
      assertThat(walk.step(0).done().get(i)).isZero();
    }
  }

  private static float[] uncertainty(Walk walk) {
    return requireNonNull(walk.step(0).uncertainty()).floats();
  }

  private static DynamicsEnsemble untrained(TensorArena arena) {
    DynamicsEnsemble model = new DynamicsEnsemble(arena, 3, 2, new NetworkSizes(4, 2, 9, false), 3);
    model.initialize(new RandomStream(5, 0), -4, -1);
    model.elites().write(3, 0, 1);
    return model;
  }

  @Test
  void aRowGoesItsWayWithoutTheOthers() {
    int few = 7;
    Walk all =
        new Walk(backend, arena, RolloutOptions.trusting(ROWS, HORIZON), untrained(arena), null);
    Walk some =
        new Walk(backend, arena, RolloutOptions.trusting(few, HORIZON), untrained(arena), null);
    for (int h = 0; h < HORIZON; h++) {
      float[] next = all.step(h).next().floats();
      assertThat(some.step(h).next().floats()).isEqualTo(Arrays.copyOf(next, few * 3));
    }
  }

  @Test
  void allBackEndsWalkAlike() {
    for (TestBackends.Variant variant : TestBackends.open()) {
      try (Backend other = variant.backend()) {
        compare(variant, other, RolloutOptions.trusting(ROWS, HORIZON), Float.NaN);
        compare(variant, other, RolloutOptions.trusting(ROWS, HORIZON), 1.5f);
        compare(variant, other, doubting(medianUncertainty()), Float.NaN);
      }
    }
  }

  /**
   * @param limit of all states, or NaN: none is terminal
   */
  private static void compare(
      TestBackends.Variant variant, Backend other, RolloutOptions options, float limit) {
    try (Backend reference = new ReferenceBackend(other.floatProducts());
        TensorArena expected = reference.arena("expected");
        TensorArena actual = other.arena("actual")) {
      Walk is = limited(other, actual, options, limit);
      Walk should = limited(reference, expected, options, limit);
      boolean stops = options.uncertainty() != null || !Float.isNaN(limit);
      assertThat(should.count(1)).isBetween(stops ? 5 : ROWS, stops ? ROWS - 5 : ROWS);
      for (int h = 0; h < options.horizon(); h++) {
        int rows = should.count(h);
        String what = "%s, step %d".formatted(variant.label(), h);
        assertThat(is.count(h)).as(what).isEqualTo(rows);
        RolloutStep a = is.step(h);
        RolloutStep b = should.step(h);
        assertThat(Arrays.copyOf(a.child().ints(), rows))
            .as(what)
            .isEqualTo(Arrays.copyOf(b.child().ints(), rows));
        close(what, a.state(), b.state(), 3 * rows, variant);
        close(what, a.action(), b.action(), 2 * rows, variant);
        close(what, a.logProb(), b.logProb(), rows, variant);
        close(what, a.reward(), b.reward(), rows, variant);
        close(what, a.next(), b.next(), 3 * rows, variant);
        close(what, a.done(), b.done(), rows, variant);
      }
      assertThat(is.imagination.ends().length().floats())
          .isEqualTo(should.imagination.ends().length().floats());
    }
  }

  private static Walk limited(
      Backend backend, TensorArena arena, RolloutOptions options, float limit) {
    float[] high = {limit, limit, limit};
    float[] low = {-limit, -limit, -limit};
    return new Walk(
        backend,
        arena,
        options,
        untrained(arena),
        Float.isNaN(limit) ? null : TerminationBounds.of(arena, low, high, true));
  }

  private static void close(
      String what, Buffer actual, Buffer expected, int words, TestBackends.Variant variant) {
    assertThat(Arrays.copyOf(actual.floats(), words))
        .as(what)
        .usingComparatorWithPrecision((float) (2e-4 * variant.looser()))
        .containsExactly(Arrays.copyOf(expected.floats(), words));
  }

  @Test
  void thereIsSomethingToImagine() {
    assertThatThrownBy(() -> RolloutOptions.trusting(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a rollout of 3 steps from 0 states: at least 1 of both is needed");
    assertThatThrownBy(() -> RolloutOptions.trusting(3, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
