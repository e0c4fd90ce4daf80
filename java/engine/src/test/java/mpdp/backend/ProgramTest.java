package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Adam;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Fill;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Operation;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded programs on every available back end. */
class ProgramTest {
  private static final int ROWS = 16;
  private static final int ACTIONS = 2;
  private static final MlpShape POLICY =
      new MlpShape(1, 5, 24, 2, 2 * ACTIONS, MlpShape.Activation.SILU, true);

  static Stream<String> backends() {
    return TestBackends.names();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void replayingTwiceEqualsRunningEachOpTwice(String name) {
    try (Backend backend = Backends.open(name, 2);
        TensorArena arena = backend.arena("program")) {
      Step recorded = new Step(arena);
      Step eager = new Step(arena);
      try (Program program =
          backend.record("step", recorder -> recorded.operations.forEach(recorder::add))) {
        assertThat(program.label()).isEqualTo("step");
        assertThat(program.operations()).isEqualTo(recorded.operations);
        assertThat(recorded.parameters.ints())
            .as("recording runs nothing")
            .isEqualTo(eager.parameters.ints());
        program.run();
        program.run();
      }
      for (int i = 0; i < 2; i++) {
        eager.operations.forEach(backend::run);
      }
      assertThat(recorded.parameters.ints()).isEqualTo(eager.parameters.ints());
      assertThat(recorded.action.ints()).isEqualTo(eager.action.ints());
      assertThat(recorded.random.ints()).containsExactly(1, 2, 2, 0);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void countsTheTimeInItsKernels(String name) {
    try (Backend backend = Backends.open(name, 2);
        TensorArena arena = backend.arena("program")) {
      Step step = new Step(arena);
      try (Program program =
          backend.record("step", recorder -> step.operations.forEach(recorder::add))) {
        backend.finish();
        long start = System.nanoTime();
        long before = backend.busyNanos();
        long busy = before;
        for (int i = 0; i < 20; i++) {
          program.run();
          long now = backend.busyNanos();
          assertThat(now).as("after run %d", i).isGreaterThan(busy);
          busy = now;
        }
        backend.finish();
        busy = backend.busyNanos();
        assertThat(busy - before).isLessThanOrEqualTo(System.nanoTime() - start);
        assertThat(backend.busyNanos()).as("idle").isEqualTo(busy);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void everyRunDrawsNewNumbers(String name) {
    try (Backend backend = Backends.open(name, 2);
        TensorArena arena = backend.arena("program")) {
      Step step = new Step(arena);
      try (Program program =
          backend.record("step", recorder -> step.operations.forEach(recorder::add))) {
        program.run();
        float[] first = step.eps.floats();
        program.run();
        assertThat(step.eps.floats()).isNotEqualTo(first);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void memoryOfAnotherBackendIsRefused(String name) {
    try (Backend backend = Backends.open(name, 2)) {
      assertThatThrownBy(
              () -> backend.record("step", recorder -> recorder.add(new Fill(1, 0, new Foreign()))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("target")
          .hasMessageContaining("another back end");
    }
  }

  /** A policy update on a made-up gradient: every kind of op that a training step has. */
  private static final class Step {
    final Buffer parameters;
    final Buffer action;
    final Buffer eps;
    final Buffer random;
    final List<Operation> operations = new ArrayList<>();

    Step(TensorArena arena) {
      long words = POLICY.parameterWords();
      parameters = filled(arena, words, 0.3);
      random = arena.allocate(4);
      random.write(1, 2, 0, 0);
      action = arena.allocate(ROWS * ACTIONS);
      eps = arena.allocate(ROWS * ACTIONS);
      Buffer x = filled(arena, (long) ROWS * POLICY.inputs(), 1);
      Buffer tape = arena.allocate(POLICY.tapeWords(1, ROWS));
      Buffer head = arena.allocate(2L * ROWS * ACTIONS);
      Buffer dHead = arena.allocate(2L * ROWS * ACTIONS);
      Buffer gradients = arena.allocate(words);
      Buffer clip = arena.allocate(5);
      RowMode mode = RowMode.SHARED;
      operations.add(
          new MlpForward(POLICY, ROWS, mode, 0, 1, x, parameters, null, null, tape, head));
      operations.add(
          new SquashedGaussian(ROWS, ACTIONS, 1, false, head, random, null, action, null, eps));
      operations.add(
          new SquashedGaussianBackward(
              ROWS, ACTIONS, head, action, eps, action, filled(arena, ROWS, 1), null, dHead));
      operations.add(
          new MlpBackward(
              POLICY,
              ROWS,
              mode,
              0,
              1,
              false,
              false,
              x,
              parameters,
              tape,
              dHead,
              null,
              null,
              arena.allocate(POLICY.scratchWords(1, ROWS)),
              gradients,
              null));
      operations.add(new GradientClip(words, 0.5f, gradients, clip));
      operations.add(
          new Adam(
              words,
              1e-2f,
              0.9f,
              0.999f,
              1e-8f,
              0,
              gradients,
              clip,
              parameters,
              arena.allocate(words),
              arena.allocate(words)));
      operations.add(new Advance(random));
    }

    private static Buffer filled(TensorArena arena, long words, double scale) {
      float[] values = new float[Math.toIntExact(words)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (scale * Math.sin(1 + 12.9898 * i));
      }
      Buffer buffer = arena.allocate(words);
      buffer.write(values);
      return buffer;
    }
  }

  /** A word that no back end made. */
  private static final class Foreign extends Buffer {
    Foreign() {
      super(1);
    }

    @Override
    public long address() {
      return 0;
    }

    @Override
    public Buffer slice(long offset, long words) {
      return this;
    }

    @Override
    public void write(long offset, MemorySegment source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void read(long offset, MemorySegment target) {
      throw new UnsupportedOperationException();
    }
  }
}
