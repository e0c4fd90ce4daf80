package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import mpdp.MpdpException;
import mpdp.backend.cpu.CpuBackend;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The errors of less exact products that docs/kernels.md states. */
class ProductErrorTest {
  private static final MlpShape MODEL = new MlpShape(7, 23, 200, 4, 36, Activation.SILU, false);
  private static final int ROWS = 64;

  @Test
  void inBfloat16AModelPredictsWithinOnePercentOfTheOutputsSpread() {
    try (Backend backend = new ReferenceBackend()) {
      assertThat(error(backend, Precision.BF16)).isBetween(1e-3, 1e-2);
    }
  }

  /** amx_split, its tile registers kept in memory: what every CPU with AVX2 can run. */
  @Test
  void ofSplitFloatsAModelPredictsWithinOneInAHundredThousand() {
    try (Backend backend = new CpuBackend(1, "wide_amx_split")) {
      assertThat(error(backend, Precision.FP32)).isBetween(1e-6, 1e-5);
    } catch (MpdpException lacking) {
      Assumptions.abort(lacking.getMessage());
    }
  }

  /** Root mean square of the error, relative to that of the outputs. */
  private static double error(Backend backend, Precision precision) {
    try (Backend reference = new ReferenceBackend();
        TensorArena arena = reference.arena("error")) {
      Random random = new Random(3);
      Buffer x = normals(arena, (long) ROWS * MODEL.inputs(), 1, random);
      Buffer parameters =
          normals(arena, MODEL.parameterWords(), 1.5 / Math.sqrt(MODEL.width()), random);
      float[] exact = predict(reference, arena, Precision.FP32, x, parameters);
      float[] rounded = predict(backend, arena, precision, x, parameters);
      double error = 0;
      double square = 0;
      for (int i = 0; i < exact.length; i++) {
        error += Math.pow(rounded[i] - exact[i], 2);
        square += Math.pow(exact[i], 2);
      }
      return Math.sqrt(error / square);
    }
  }

  private static Buffer normals(TensorArena arena, long words, double scale, Random random) {
    float[] values = new float[Math.toIntExact(words)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    Buffer buffer = arena.allocate(words);
    buffer.write(values);
    return buffer;
  }

  private static float[] predict(
      Backend backend, TensorArena arena, Precision precision, Buffer x, Buffer parameters) {
    Buffer y = arena.allocate((long) MODEL.members() * ROWS * MODEL.outputs());
    backend.run(
        new MlpForward(
            MODEL,
            ROWS,
            RowMode.SHARED,
            0,
            MODEL.members(),
            precision,
            x,
            parameters,
            null,
            null,
            null,
            y));
    return y.floats();
  }
}
