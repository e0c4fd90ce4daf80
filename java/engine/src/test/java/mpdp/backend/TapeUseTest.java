package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.TapeUse;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.nn.MlpPass;
import mpdp.nn.MlpPass.Gradients;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tape for gradients by inputs gives the same ones as a whole tape. */
class TapeUseTest {
  private static final int ROWS = 19;
  private static final int MEMBERS = 3;

  @ParameterizedTest
  @CsvSource({
    "SILU, false, SHARED",
    "SILU, true, SHARED",
    "RELU, false, SHARED",
    "RELU, true, SHARED",
    "SILU, false, PRIVATE",
    "SILU, false, ROUTED",
    "SILU, true, ROUTED"
  })
  void theSameBits(Activation activation, boolean norm, RowMode mode) {
    // 24: rows of the tape are whole narrow vectors, so the cpu back end computes in their place.
    for (int width : new int[] {24, 17}) {
      MlpShape shape = new MlpShape(MEMBERS, 5, width, 3, 4, activation, norm);
      for (TestBackends.Variant variant : TestBackends.open()) {
        try (Backend backend = variant.backend()) {
          assertThat(inputGradient(backend, shape, mode, TapeUse.INPUTS))
              .as(variant.label())
              .doesNotContain(Float.NaN)
              .isEqualTo(inputGradient(backend, shape, mode, TapeUse.ALL));
        }
      }
    }
  }

  private static float[] inputGradient(Backend backend, MlpShape shape, RowMode mode, TapeUse use) {
    Random random = new Random(4);
    try (TensorArena arena = backend.arena("tape")) {
      int kept = mode.tapeMembers(MEMBERS);
      Buffer x = normals(arena, MEMBERS * ROWS * shape.inputs(), random);
      Buffer parameters = normals(arena, (int) shape.parameterWords(), random);
      Buffer tape = arena.allocate(shape.tapeWords(kept, ROWS));
      float[] nothing = new float[(int) tape.words()];
      Arrays.fill(nothing, Float.NaN);
      tape.write(nothing);
      Buffer dy = normals(arena, kept * ROWS * shape.outputs(), random);
      Buffer y = arena.allocate(dy.words());
      Buffer dx = arena.allocate(x.words());
      Buffer offsets = mode == RowMode.ROUTED ? arena.allocate(MEMBERS + 1) : null;
      if (offsets != null) {
        offsets.write(new int[] {0, 4, 4, ROWS});
      }
      backend.run(
          new MlpForward(
              shape,
              ROWS,
              mode,
              0,
              MEMBERS,
              Precision.FP32,
              use,
              x,
              parameters,
              offsets,
              null,
              tape,
              y));
      Buffer scratch = arena.allocate(shape.scratchWords(kept, ROWS));
      backend.run(
          new MlpBackward(
              shape,
              ROWS,
              mode,
              0,
              MEMBERS,
              false,
              false,
              x,
              parameters,
              tape,
              dy,
              offsets,
              null,
              scratch,
              null,
              dx));
      return dx.floats();
    }
  }

  private static Buffer normals(TensorArena arena, int words, Random random) {
    float[] values = new float[words];
    for (int i = 0; i < words; i++) {
      values[i] = (float) (0.5 * random.nextGaussian());
    }
    Buffer buffer = arena.allocate(words);
    buffer.write(values);
    return buffer;
  }

  @Test
  void gradientsOfWeightsNeedAWholeTape() {
    MlpShape shape = new MlpShape(1, 2, 4, 1, 1, Activation.SILU, false);
    try (Backend backend = new ReferenceBackend();
        TensorArena arena = backend.arena("tape")) {
      Buffer parameters = arena.allocate(shape.parameterWords());
      MlpPass pass =
          MlpPass.differentiable(arena, shape, parameters, RowMode.SHARED, 1).forInputs();
      Buffer x = arena.allocate(2);
      Buffer scratch = arena.allocate(pass.scratchWords());
      assertThatThrownBy(
              () ->
                  backend.record(
                      "step",
                      recorder ->
                          pass.backward(
                              recorder, x, null, scratch, Gradients.ofParameters(parameters))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("inputs alone");
    }
  }
}
