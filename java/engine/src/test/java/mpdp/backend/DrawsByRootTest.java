package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.RouteRows;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.TransitionSample;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a rollout draws does not depend on which others have stopped: rows 5, 2, 7 and 30 alone, in
 * front of a batch, draw what they drew when all rows were there.
 */
class DrawsByRootTest {
  private static final int ROWS = 37;
  private static final int ACTIONS = 3;
  private static final int STATES = 4;
  private static final int MEMBERS = 5;
  private static final int[] SURVIVORS = {5, 2, 7, 30};

  static Stream<String> backends() {
    return TestBackends.names();
  }

  /** Memory of one batch; inputs are zero, so that outputs differ by their draws alone. */
  private record Batch(Buffer root, @Nullable Buffer count, Buffer random) {
    static Batch of(TensorArena arena, int[] roots) {
      Buffer root = arena.allocate(ROWS);
      root.write(Arrays.copyOf(roots, ROWS));
      Buffer count = arena.allocate(1);
      count.write(roots.length);
      Buffer random = arena.allocate(4);
      random.write(11, 12, 13, 14);
      return new Batch(root, count, random);
    }
  }

  private static int[] everyRow() {
    int[] rows = new int[ROWS];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  private static float[] actions(Backend backend, TensorArena arena, int[] roots) {
    Batch batch = Batch.of(arena, roots);
    Buffer eps = arena.allocate((long) ROWS * ACTIONS);
    SquashedGaussian op =
        new SquashedGaussian(
            ROWS,
            ACTIONS,
            3,
            false,
            arena.allocate(2L * ROWS * ACTIONS),
            batch.random,
            batch.count,
            batch.root,
            arena.allocate((long) ROWS * ACTIONS),
            null,
            eps);
    run(backend, op);
    return eps.floats();
  }

  private static float[] transitions(Backend backend, TensorArena arena, int[] roots) {
    Batch batch = Batch.of(arena, roots);
    Buffer eps = arena.allocate((long) ROWS * (STATES + 1));
    Buffer elites = arena.allocate(MEMBERS);
    elites.write(new int[] {4, 1, 3, 0, 2});
    TransitionSample op =
        new TransitionSample(
            MEMBERS,
            ROWS,
            STATES,
            MEMBERS,
            3,
            1,
            arena.allocate(2L * MEMBERS * ROWS * (STATES + 1)),
            arena.allocate(2L * (STATES + 1)),
            arena.allocate(STATES + 1),
            arena.allocate(STATES + 1),
            arena.allocate((long) ROWS * STATES),
            elites,
            batch.random,
            batch.count,
            batch.root,
            null,
            arena.allocate((long) ROWS * STATES),
            arena.allocate(ROWS),
            arena.allocate(ROWS),
            eps);
    run(backend, op);
    return eps.floats();
  }

  private static float[] members(Backend backend, TensorArena arena, int[] roots) {
    Batch batch = Batch.of(arena, roots);
    Buffer elites = arena.allocate(MEMBERS);
    elites.write(new int[] {4, 1, 3, 0, 2});
    Buffer chosen = arena.allocate(ROWS);
    RouteRows op =
        new RouteRows(
            MEMBERS,
            ROWS,
            MEMBERS,
            3,
            elites,
            batch.random,
            batch.count,
            batch.root,
            null,
            arena.allocate(ROWS),
            null,
            arena.allocate(MEMBERS + 1),
            chosen);
    run(backend, op);
    float[] values = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      values[i] = chosen.getInt(i);
    }
    return values;
  }

  private static void run(Backend backend, mpdp.backend.op.Operation op) {
    try (Program program = backend.record("draws", recorder -> recorder.add(op))) {
      program.run();
    }
  }

  private interface Draw {
    float[] of(Backend backend, TensorArena arena, int[] roots);
  }

  private static void check(String backendName, int width, Draw draw) {
    try (Backend backend = Backends.open(backendName, 2);
        TensorArena arena = backend.arena("draws")) {
      float[] all = draw.of(backend, arena, everyRow());
      float[] few = draw.of(backend, arena, SURVIVORS);
      for (int i = 0; i < SURVIVORS.length; i++) {
        float[] expected =
            Arrays.copyOfRange(all, SURVIVORS[i] * width, (SURVIVORS[i] + 1) * width);
        assertThat(Arrays.copyOfRange(few, i * width, (i + 1) * width))
            .as("root %d", SURVIVORS[i])
            .containsExactly(expected);
      }
      assertThat(all).doesNotContain(Float.NaN);
      assertThat(Arrays.copyOf(few, SURVIVORS.length * width))
          .as("places have no draws of their own")
          .isNotEqualTo(Arrays.copyOf(all, SURVIVORS.length * width));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void actionsAreDrawnByRoot(String backend) {
    check(backend, ACTIONS, DrawsByRootTest::actions);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void transitionsAreDrawnByRoot(String backend) {
    check(backend, STATES + 1, DrawsByRootTest::transitions);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void membersAreDrawnByRoot(String backend) {
    check(backend, 1, DrawsByRootTest::members);
  }
}
