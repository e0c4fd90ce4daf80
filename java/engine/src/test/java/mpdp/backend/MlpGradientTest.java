package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import mpdp.backend.harness.Differences;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The MLP's backward pass against differences of its forward pass. */
class MlpGradientTest {
  private static final int ROWS = 4;

  static Stream<Arguments> variants() {
    return Stream.of(RowMode.SHARED, RowMode.PRIVATE)
        .flatMap(
            mode ->
                Stream.of(Activation.values())
                    .flatMap(
                        activation ->
                            Stream.of(
                                Arguments.of(mode, activation, false),
                                Arguments.of(mode, activation, true))));
  }

  static Stream<Arguments> activations() {
    return Stream.of(Activation.values())
        .flatMap(a -> Stream.of(Arguments.of(a, false), Arguments.of(a, true)));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void parametersAndInputs(RowMode mode, Activation activation, boolean norm) {
    MlpShape shape = new MlpShape(3, 3, 5, 2, 2, activation, norm);
    int first = 1;
    int members = 2;
    try (Differences d = new Differences()) {
      Buffer x = d.normals((mode == RowMode.PRIVATE ? members : 1) * ROWS * shape.inputs());
      Buffer parameters = parameters(d, shape);
      Buffer tape = d.zeros(shape.tapeWords(members, ROWS));
      Buffer y = d.zeros((long) members * ROWS * shape.outputs());
      Buffer dy = d.normals(y.words());
      Buffer dParameters = d.zeros(shape.parameterWords());
      Buffer dx = d.zeros(x.words());
      MlpForward forward =
          new MlpForward(shape, ROWS, mode, first, members, x, parameters, null, null, tape, y);
      d.run(
          forward,
          new MlpBackward(
              shape,
              ROWS,
              mode,
              first,
              members,
              false,
              false,
              x,
              parameters,
              tape,
              dy,
              null,
              null,
              d.zeros(shape.scratchWords(members, ROWS)),
              dParameters,
              dx));
      d.check("dx", x, dx, () -> loss(d, forward, dy));
      // Every block has its own samples: all words at once would hardly hit the small ones.
      for (int layer = 0; layer <= shape.layers(); layer++) {
        block(d, "W", shape.weights(layer), shape.bias(layer), forward, dParameters, dy);
        block(d, "b", shape.bias(layer), shape.gain(layer), forward, dParameters, dy);
        if (norm && layer < shape.layers()) {
          block(d, "gain", shape.gain(layer), shape.shift(layer), forward, dParameters, dy);
          long end = shape.weights(layer + 1);
          block(d, "shift", shape.shift(layer), end, forward, dParameters, dy);
        }
      }
    }
  }

  /** Rows of four members, the second without any, and a row that no member has. */
  @ParameterizedTest
  @MethodSource("activations")
  void inputsOfRoutedRows(Activation activation, boolean norm) {
    MlpShape shape = new MlpShape(5, 3, 5, 2, 2, activation, norm);
    try (Differences d = new Differences()) {
      int rows = 7;
      RowMode mode = RowMode.ROUTED;
      Buffer offsets = d.ints(0, 1, 1, 4, 6);
      Buffer x = d.normals(rows * shape.inputs());
      Buffer parameters = parameters(d, shape);
      Buffer tape = d.zeros(shape.tapeWords(1, rows));
      Buffer y = d.zeros((long) rows * shape.outputs());
      Buffer dy = d.normals(y.words());
      Buffer dx = d.zeros(x.words());
      MlpForward forward =
          new MlpForward(shape, rows, mode, 1, 4, x, parameters, offsets, null, tape, y);
      Buffer scratch = d.zeros(shape.scratchWords(1, rows));
      d.run(
          forward,
          new MlpBackward(
              shape,
              rows,
              mode,
              1,
              4,
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
      d.check("dx", x, dx, () -> loss(d, forward, dy));
    }
  }

  @Test
  void parameterGradientsOfRoutedRowsAreRefused() {
    MlpShape shape = new MlpShape(2, 1, 1, 1, 1, Activation.RELU, false);
    try (Differences d = new Differences()) {
      Buffer any = d.zeros(shape.parameterWords());
      Buffer offsets = d.ints(0, 1, 2);
      assertThatThrownBy(
              () ->
                  new MlpBackward(
                      shape,
                      2,
                      RowMode.ROUTED,
                      0,
                      2,
                      false,
                      false,
                      any,
                      any,
                      any,
                      any,
                      offsets,
                      null,
                      any,
                      any,
                      any))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "ROUTED rows have no parameter gradients: use PRIVATE rows, or leave dParameters out");
    }
  }

  private static double loss(Differences d, MlpForward forward, Buffer dy) {
    d.run(forward);
    return Differences.dot(forward.y(), dy);
  }

  private static void block(
      Differences d,
      String name,
      long from,
      long to,
      MlpForward forward,
      Buffer dParameters,
      Buffer dy) {
    d.check(
        name + " at " + from,
        forward.parameters().slice(from, to - from),
        dParameters.slice(from, to - from),
        () -> loss(d, forward, dy));
  }

  /** With ReLU, biases of +-3 and small weights keep every value away from the kink at 0. */
  private static Buffer parameters(Differences d, MlpShape shape) {
    boolean kink = shape.activation() == Activation.RELU;
    float[] values =
        d.fill(shape.parameterWords(), () -> (kink ? 0.1 : 0.5) * d.random().nextGaussian())
            .floats();
    for (int layer = 0; kink && layer < shape.layers(); layer++) {
      long offsets = shape.norm() ? shape.shift(layer) : shape.bias(layer);
      int words = shape.members() * shape.out(layer);
      for (int i = 0; i < words; i++) {
        values[(int) offsets + i] += i % 3 == 0 ? -3 : 3;
      }
      for (int i = 0; shape.norm() && i < words; i++) {
        values[(int) shape.bias(layer) + i] = (i * 5 % 7 - 3) * 0.5f;
        values[(int) shape.gain(layer) + i] += 0.5f;
      }
    }
    return d.floats(values);
  }
}
