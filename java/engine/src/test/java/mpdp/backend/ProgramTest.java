package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import mpdp.backend.harness.PolicyStep;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Fill;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded programs on every available back end. */
class ProgramTest {
  static Stream<String> backends() {
    return TestBackends.names();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void replayingTwiceEqualsRunningEachOpTwice(String name) {
    try (Backend backend = Backends.open(name, 2);
        TensorArena arena = backend.arena("program")) {
      PolicyStep recorded = new PolicyStep(arena, 1);
      PolicyStep eager = new PolicyStep(arena, 1);
      try (Program program =
          backend.record("step", recorder -> recorded.operations().forEach(recorder::add))) {
        assertThat(program.label()).isEqualTo("step");
        assertThat(program.operations()).isEqualTo(recorded.operations());
        assertThat(recorded.parameters().ints())
            .as("recording runs nothing")
            .isEqualTo(eager.parameters().ints());
        program.run();
        program.run();
      }
      for (int i = 0; i < 2; i++) {
        eager.operations().forEach(backend::run);
      }
      assertThat(recorded.parameters().ints()).isEqualTo(eager.parameters().ints());
      assertThat(recorded.action().ints()).isEqualTo(eager.action().ints());
      assertThat(recorded.random().ints()).containsExactly(1, 2, 2, 0);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void countsTheTimeInItsKernels(String name) {
    try (Backend backend = Backends.open(name, 2);
        TensorArena arena = backend.arena("program")) {
      PolicyStep step = new PolicyStep(arena, 1);
      try (Program program =
          backend.record("step", recorder -> step.operations().forEach(recorder::add))) {
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
      PolicyStep step = new PolicyStep(arena, 1);
      try (Program program =
          backend.record("step", recorder -> step.operations().forEach(recorder::add))) {
        program.run();
        float[] first = step.eps().floats();
        program.run();
        assertThat(step.eps().floats()).isNotEqualTo(first);
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
