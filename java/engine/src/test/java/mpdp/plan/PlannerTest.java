package mpdp.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import mpdp.backend.Backend;
import mpdp.backend.BackendStatus;
import mpdp.backend.Backends;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Planners on problems whose solutions are known. */
class PlannerTest {
  private static final int STEPS = 25;
  private static final double OPTIMUM = optimum();

  private final Backend backend = Backends.open("auto", 1);
  private final TensorArena arena = backend.arena("test");

  @AfterEach
  void close() {
    arena.close();
    backend.close();
  }

  static List<Search> searches() {
    return List.of(
        new CrossEntropy(100, 12, 5, 4, 0.1, 0.1, 0.5, 0.02, false),
        new CrossEntropy(100, 12, 5, 4, 0.1, 0.1, 0.5, 0.02, true),
        new PathIntegral(128, 12, 6, 1, 16, 8, 5, 0, 1, 0.02),
        new GradientAscent(6, 12, 12, 0.2, 0.5));
  }

  private interface Controller {
    float[] act(float[] state);
  }

  /** The true return of the point mass from (p, v) = (1, 0). */
  private static double episode(Controller controller) {
    double p = 1;
    double v = 0;
    double sum = 0;
    for (int t = 0; t < STEPS; t++) {
      double a = controller.act(new float[] {(float) p, (float) v})[0];
      assertThat(a).isBetween(-1.0, 1.0);
      double[] step = PlanProblems.push(p, v, a);
      p = step[0];
      v = step[1];
      sum += step[2];
    }
    return sum;
  }

  private static double openLoop(double[] actions) {
    int[] t = {0};
    return episode(state -> new float[] {(float) actions[t[0]++]});
  }

  /** The best return there is: the problem is concave, so that coordinate ascent finds it. */
  private static double optimum() {
    double[] actions = new double[STEPS];
    double best = openLoop(actions);
    for (double size = 0.5; size > 1e-4; size /= 2) {
      for (double before = Double.NEGATIVE_INFINITY; best > before + 1e-7; ) {
        before = best;
        for (int i = 0; i < 2 * STEPS * STEPS; i++) {
          best =
              improve(
                  actions, i % STEPS, i / STEPS % STEPS, size * (i < STEPS * STEPS ? 1 : -1), best);
        }
      }
    }
    return best;
  }

  /** Moves one action up and another one down (or the same one up), if that helps. */
  private static double improve(double[] actions, int up, int down, double size, double best) {
    double oldUp = actions[up];
    double oldDown = actions[down];
    actions[up] = Math.clamp(oldUp + size, -1, 1);
    if (up != down) {
      actions[down] = Math.clamp(oldDown - size, -1, 1);
    }
    double value = openLoop(actions);
    if (value > best) {
      return value;
    }
    actions[up] = oldUp;
    actions[down] = oldDown;
    return best;
  }

  @ParameterizedTest
  @MethodSource("searches")
  void aMassIsBroughtToRestAlmostAsWellAsIsPossible(Search search) {
    double idle = episode(state -> new float[] {0});
    assertThat(idle).isLessThan(2 * OPTIMUM);
    try (Planner planner = Planner.of(backend, PlanProblems.pointMass(arena, true), search, 1)) {
      assertThat(episode(planner::plan)).isBetween(1.03 * OPTIMUM, OPTIMUM + 1e-3);
    }
  }

  @ParameterizedTest
  @MethodSource("searches")
  void aPlanStopsBeforeTheCliff(Search search) {
    double[] ends = new double[7];
    for (int seed = 0; seed < ends.length; seed++) {
      ends[seed] = walk(PlanProblems.cliff(arena, 1), search, seed);
      assertThat(ends[seed]).as("seed %d", seed).isBetween(0.0, 1.0);
    }
    Arrays.sort(ends);
    assertThat(ends[ends.length / 2]).as("median").isGreaterThan(0.5);
    assertThat(walk(PlanProblems.cliff(arena, Float.POSITIVE_INFINITY), search, 2))
        .as("without a cliff")
        .isGreaterThan(4);
  }

  /** Where a point is after 20 steps. */
  private double walk(PlanModel model, Search search, long seed) {
    try (Planner planner = Planner.of(backend, model, search, seed)) {
      double p = 0;
      for (int t = 0; t < 20; t++) {
        p += 0.3 * planner.plan(new float[] {(float) p})[0];
      }
      return p;
    }
  }

  @Test
  void criticsPullThePlanWhereThereIsNoReward() {
    for (Search search :
        List.of(
            new PathIntegral(128, 1, 6, 1, 16, 8, 5, 0, 1, 0.02),
            new GradientAscent(6, 1, 12, 0.2, 0.5))) {
      try (Planner planner = Planner.of(backend, PlanProblems.valued(arena), search, 3)) {
        double p = 1;
        for (int t = 0; t < 10; t++) {
          p += PlanProblems.STEP * planner.plan(new float[] {(float) p})[0];
        }
        assertThat(p).as("%s", search).isBetween(-0.1, 0.1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("searches")
  void theSameSeedGivesTheSameActionsWithAnyNumberOfThreads(Search search) {
    float[] first = actions(backend, search, 7);
    assertThat(actions(backend, search, 7)).isEqualTo(first);
    assertThat(actions(backend, search, 8)).isNotEqualTo(first);
    try (Backend pair = Backends.open(backend.name(), 2)) {
      assertThat(actions(pair, search, 7)).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @MethodSource("searches")
  void theReferenceAgrees(Search search) {
    try (Backend reference = new ReferenceBackend()) {
      float[] expected = actions(reference, search, 9);
      float[] actual = actions(backend, search, 9);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) Math.abs(expected[i] - actual[i])).isLessThan(1e-3);
      }
    }
  }

  private static float[] actions(Backend backend, Search search, long seed) {
    try (TensorArena arena = backend.arena("test");
        Planner planner = Planner.of(backend, PlanProblems.pointMass(arena, true), search, seed)) {
      float[] actions = new float[4];
      for (int i = 0; i < actions.length; i++) {
        actions[i] = planner.plan(new float[] {0.1f - 0.05f * i, -0.1f})[0];
      }
      return actions;
    }
  }

  @Test
  void aPlannerRemembersItsPlanAndForgetsItOnReset() {
    Function<Planner, Float> act = planner -> planner.plan(new float[] {1, 0})[0];
    Search search = new GradientAscent(2, 4, 0, 0, 0);
    try (Planner planner = Planner.of(backend, PlanProblems.pointMass(arena, false), search, 1)) {
      float[] memory = {0, -0.75f, 0, 0};
      planner.restore(memory);
      assertThat(act.apply(planner)).as("the step after the last one").isEqualTo(-0.75f);
      planner.save(memory);
      assertThat(memory).containsExactly(-0.75f, 0, 0, 0);
      planner.restore(new float[] {0, -0.75f, 0, 0});
      planner.reset();
      assertThat(act.apply(planner)).isZero();
    }
  }

  @Test
  void planningAllocatesNothing() {
    assumeTrue(Backends.probe().stream().anyMatch(s -> s.name().equals("cpu") && s.available()));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Search search = new CrossEntropy(16, 3, 2, 2, 0.25, 0.1, 0.5, 0.02, false);
    try (Backend cpu = Backends.open("cpu", 1);
        TensorArena memory = cpu.arena("test");
        Planner planner = Planner.of(cpu, PlanProblems.pointMass(memory, true), search, 1)) {
      float[] observation = {1, 0};
      float[] action = new float[1];
      long bytes = Long.MAX_VALUE;
      // Compilers may allocate on this thread while they replace the interpreter.
      for (int round = 0; round < 100 && bytes > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 300; i++) {
          planner.plan(observation, action);
        }
        bytes = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(bytes).isZero();
    }
  }

  @Test
  void wrongObservationsAreRefusedInOneLine() {
    Search search = new GradientAscent(2, 1, 0, 0, 0);
    try (Planner planner = Planner.of(backend, PlanProblems.pointMass(arena, false), search, 1)) {
      assertThat(planner.observationSize()).isEqualTo(2);
      assertThat(planner.actionSize()).isEqualTo(1);
      assertThatThrownBy(() -> planner.plan(new float[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("observation has 3 numbers where 2 are needed");
      assertThatThrownBy(() -> planner.plan(new float[] {0, Float.NaN}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("observation[1] is NaN: give finite numbers");
      assertThatThrownBy(() -> planner.plan(new float[2], new float[2]))
          .hasMessage("action has 2 numbers where 1 are needed");
    }
  }

  @Test
  void settingsOutOfRangeAndUnknownNamesAreRefused() {
    assertThatThrownBy(() -> new PathIntegral(10, 3, 6, 1, 11, 2, 0.5, 0, 2, 0.05))
        .hasMessage("elites 11 is out of range; allowed: 1 to 10");
    assertThatThrownBy(() -> Search.named("cmm"))
        .hasMessage("unknown planner cmm; the nearest is cem (all: cem, mppi, gradient)");
    for (BackendStatus status : Backends.probe()) {
      assertThat(PlannerOptions.defaults().on(status.name(), 1).backend()).isEqualTo(status.name());
    }
  }
}
