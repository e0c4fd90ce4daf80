package mpdp.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import mpdp.UsageException;
import mpdp.backend.Program;
import mpdp.backend.op.Adam;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Fill;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.Op;
import mpdp.backend.op.Polyak;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuBackendTest {
  @Test
  void kernelListIsTheOpTable() {
    try (CpuBackend backend = new CpuBackend(1)) {
      assertThat(backend.instructionSet()).isIn("baseline", "avx2", "avx512", "amx");
      assertThat(IntStream.range(0, NativeCalls.opCount()).mapToObj(NativeCalls::opName))
          .containsExactlyElementsOf(Arrays.stream(Op.values()).map(Op::id).toList());
    }
  }

  @Test
  void unknownInstructionSetIsNamed() {
    assertThatThrownBy(() -> new CpuBackend(1, "mmx"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("mmx")
        .hasMessageContaining("avx2");
  }

  @Test
  void closedMemoryIsAnErrorRatherThanACrash() {
    try (CpuBackend backend = new CpuBackend(1)) {
      TensorArena arena = backend.arena("short");
      Buffer buffer = arena.allocate(4);
      Program program = backend.record("fill", recorder -> recorder.add(new Fill(4, 1, buffer)));
      arena.close();
      assertThatThrownBy(program::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed arena");
      program.close();
      assertThatThrownBy(program::run).hasMessageContaining("program fill is closed");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void opsRunInOrderManyTimes(int threads) {
    try (CpuBackend backend = new CpuBackend(threads);
        TensorArena arena = backend.arena("test")) {
      Buffer a = arena.allocate(1003);
      Buffer b = arena.allocate(1003);
      try (Program program =
          backend.record(
              "chain",
              recorder -> {
                recorder.add(new Polyak(1003, 0.5f, b, a));
                recorder.add(new Copy(1003, a, b));
                recorder.add(new Fill(1, 9, b));
              })) {
        float[] eights = new float[1003];
        Arrays.fill(eights, 8);
        b.write(eights);
        for (int i = 0; i < 500; i++) {
          program.run();
        }
      }
      assertThat(a.get(1002)).isEqualTo(4);
      assertThat(b.get(1002)).isEqualTo(4);
      assertThat(a.get(0)).isEqualTo(9);
    }
  }

  @Test
  void clipThenAdamFollowsTheFormula() {
    try (CpuBackend backend = new CpuBackend(2);
        TensorArena arena = backend.arena("test")) {
      Buffer gradients = arena.allocate(2);
      Buffer clip = arena.allocate(GradientClip.WORDS);
      Buffer parameters = arena.allocate(2);
      Buffer first = arena.allocate(2);
      Buffer second = arena.allocate(2);
      gradients.write(3f, 4f);
      parameters.write(1f, 1f);
      Program program =
          backend.record(
              "step",
              recorder -> {
                recorder.add(new GradientClip(2, 1, gradients, clip));
                recorder.add(
                    new Adam(
                        2,
                        0.1f,
                        0.9f,
                        0.999f,
                        1e-8f,
                        0,
                        gradients,
                        clip,
                        parameters,
                        first,
                        second));
              });
      program.run();
      assertThat(clip.floats()).containsExactly(0.2f, 0, 1, 5, 0);
      assertThat(parameters.get(0)).isCloseTo(0.9f, within(1e-6f));
      assertThat(first.get(1)).isCloseTo(0.08f, within(1e-6f));
      assertThat(second.get(1)).isCloseTo(0.00064f, within(1e-8f));

      gradients.write(Float.NaN, 1f);
      program.run();
      assertThat(clip.get(0)).isZero();
      assertThat(clip.get(1)).isEqualTo(1);
      assertThat(clip.get(2)).isEqualTo(1);
      assertThat(clip.get(4)).isEqualTo(1);
      assertThat(parameters.get(0)).isCloseTo(0.9f, within(1e-6f));
      program.close();
    }
  }
}
