package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;

import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.RowMode;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The reference's forward pass, with which all others are compared, gives what a script of scalar
 * arithmetic, apart from this code, computed from the equations in {@link MlpShape}.
 */
class MlpValuesTest {
  private static final int MEMBERS = 2;
  private static final float[] ROWS = {0.5f, -1.25f, 1.5f, 0.75f};

  @ParameterizedTest
  @CsvSource({
    "RELU, false, 0.521484 0.556641 1.074219 0.441406 -1.516113 0.375000 -1.381348 0.375000",
    "RELU, true, 0.226247 0.148313 0.112640 0.339875 -1.005608 0.363157 -0.965112 0.353994",
    "SILU, false, 0.238080 0.123699 0.739237 -0.043014 -1.205603 0.425610 -1.145978 0.433310",
    "SILU, true, 0.087893 -0.079141 0.044154 0.009729 -0.929008 0.384431 -0.923519 0.382803"
  })
  void ofTwoMembersAndTwoRows(Activation activation, boolean norm, String expected) {
    MlpShape shape = new MlpShape(MEMBERS, 2, 3, 2, 2, activation, norm);
    try (HostArena arena = new HostArena("values");
        ReferenceBackend reference = new ReferenceBackend()) {
      Buffer x = arena.allocate(ROWS.length);
      x.write(ROWS);
      Buffer parameters = arena.allocate(shape.parameterWords());
      parameters.write(parameters(shape));
      Buffer y = arena.allocate(MEMBERS * 2L * shape.outputs());
      reference.run(
          new MlpForward(shape, 2, RowMode.SHARED, 0, MEMBERS, x, parameters, null, null, null, y));
      float[] values = new float[8];
      String[] words = expected.split(" ");
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.parseFloat(words[i]);
      }
      assertThat(y.floats()).usingComparatorWithPrecision(1e-6f).containsExactly(values);
    }
  }

  /**
   * Word k of block b, blocks in the order W, b, gain, shift of each layer, is one of 13 eighths.
   */
  private static float[] parameters(MlpShape shape) {
    float[] values = new float[Math.toIntExact(shape.parameterWords())];
    for (int layer = 0; layer <= shape.layers(); layer++) {
      int units = MEMBERS * shape.out(layer);
      fill(values, shape.weights(layer), units * shape.in(layer), 4 * layer);
      fill(values, shape.bias(layer), units, 4 * layer + 1);
      if (shape.norm() && layer < shape.layers()) {
        fill(values, shape.gain(layer), units, 4 * layer + 2);
        fill(values, shape.shift(layer), units, 4 * layer + 3);
      }
    }
    return values;
  }

  private static void fill(float[] values, long from, int words, int block) {
    for (int k = 0; k < words; k++) {
      values[(int) from + k] = ((3 * k * k + 5 * k + 2 * block) % 13 - 5) / 8f;
    }
  }
}
