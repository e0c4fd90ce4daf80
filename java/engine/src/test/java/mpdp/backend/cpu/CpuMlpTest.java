package mpdp.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** MLP kernels of every instruction set against plain loops in double. */
class CpuMlpTest {
  private static final float POISON = 1e30f;

  /** One shape and how it is run: members first .. first + count - 1 on present of rows rows. */
  record Case(MlpShape shape, RowMode mode, int first, int members, int rows, int present) {}

  record Run(String isa, Case test) {}

  static Stream<Run> runs() {
    List<Case> cases = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (boolean norm : new boolean[] {false, true}) {
        cases.add(shared(new MlpShape(1, 1, 1, 1, 1, activation, norm), 1));
        cases.add(shared(new MlpShape(3, 5, 7, 2, 3, activation, norm), 13));
        cases.add(shared(new MlpShape(2, 17, 31, 3, 24, activation, norm), 101));
        cases.add(
            new Case(
                new MlpShape(5, 23, 49, 2, 6, activation, norm), RowMode.PRIVATE, 1, 3, 67, 59));
        cases.add(
            new Case(new MlpShape(2, 3, 17, 1, 2, activation, norm), RowMode.SHARED, 0, 2, 9, 0));
      }
    }
    cases.add(shared(new MlpShape(1, 17, 200, 4, 24, Activation.SILU, false), 97));
    cases.add(shared(new MlpShape(2, 14, 256, 2, 1, Activation.RELU, true), 31));
    cases.add(shared(new MlpShape(2, 14, 25, 2, 1, Activation.SILU, true), 523));
    cases.add(shared(new MlpShape(1, 400, 19, 1, 50, Activation.RELU, false), 259));
    return Stream.of(
            "baseline", "avx2", "avx512", "amx", "amx_split", "wide", "wide_amx", "wide_amx_split")
        .flatMap(isa -> cases.stream().map(test -> new Run(isa, test)));
  }

  private static Case shared(MlpShape shape, int rows) {
    return new Case(shape, RowMode.SHARED, 0, shape.members(), rows, rows);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void forwardAndBackwardMatchTheEquations(Run run) {
    try (CpuBackend backend = backend(1, run.isa());
        TensorArena arena = backend.arena("test")) {
      Work work = new Work(run, arena);
      work.run(backend, false);
      work.checkForward();
      work.checkBackward(0);
      work.run(backend, true);
      work.checkBackward(1);
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void threadsDoNotChangeABit(Run run) {
    List<float[]> expected = List.of();
    for (int threads : new int[] {1, 2, 5}) {
      try (CpuBackend backend = backend(threads, run.isa());
          TensorArena arena = backend.arena("test")) {
        Work work = new Work(run, arena);
        work.run(backend, false);
        work.run(backend, true);
        List<float[]> actual =
            Stream.of(work.y, work.dParameters, work.dx, work.tape).map(Buffer::floats).toList();
        if (threads > 1) {
          for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i)).isEqualTo(expected.get(i));
          }
        }
        expected = actual;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void routedRowsGoThroughTheirMemberOnly(Run run) {
    Case test = run.test();
    Assumptions.assumeTrue(
        test.mode() == RowMode.SHARED && test.present() > 0, "SHARED cases only");
    try (CpuBackend backend = backend(2, run.isa());
        TensorArena arena = backend.arena("test")) {
      Work work = new Work(run, arena);
      int[] offsets = new int[test.members() + 1];
      for (int m = 1; m <= test.members(); m++) {
        offsets[m] = m == test.members() ? test.rows() : test.rows() * m / (m + 1) / 2;
      }
      Buffer routes = arena.allocate(offsets.length);
      routes.write(offsets);
      Buffer y = arena.allocate((long) test.rows() * test.shape().outputs());
      backend.run(
          new MlpForward(
              test.shape(),
              test.rows(),
              RowMode.ROUTED,
              test.first(),
              test.members(),
              work.x,
              work.parameters,
              routes,
              null,
              null,
              y));
      float[] actual = y.floats();
      for (int m = 0; m < test.members(); m++) {
        for (int row = offsets[m]; row < offsets[m + 1]; row++) {
          work.checkRow(actual, row, work.naive(m).forward(work.row(m, row)), "y");
        }
      }
    }
  }

  /** Another instruction set than this CPU's cannot be tested here. */
  private static CpuBackend backend(int threads, String isa) {
    try {
      return new CpuBackend(threads, isa);
    } catch (MpdpException e) {
      Assumptions.abort(e.getMessage());
      throw e;
    }
  }

  /** The operands of one case. */
  private static final class Work {
    final Case test;

    /** Split floats have 16 to 17 bits. */
    final double tolerated;

    final Buffer x;
    final Buffer parameters;
    final Buffer tape;
    final Buffer y;
    final Buffer dy;
    final Buffer dParameters;
    final Buffer dx;
    final @Nullable Buffer count;
    final Buffer scratch;
    private final float[] xValues;
    private final float[] parameterValues;

    Work(Run run, TensorArena arena) {
      this.test = run.test();
      this.tolerated = run.isa().endsWith("_split") ? 16 : 1;
      MlpShape shape = test.shape();
      int matrices = test.mode() == RowMode.PRIVATE ? test.members() : 1;
      Random random = new Random(8);
      x = noise(arena, (long) matrices * test.rows() * shape.inputs(), 1, random);
      parameters = noise(arena, shape.parameterWords(), 1.7 / Math.sqrt(shape.width()), random);
      dy = noise(arena, (long) test.members() * test.rows() * shape.outputs(), 1, random);
      tape = poison(arena, shape.tapeWords(test.members(), test.rows()));
      y = poison(arena, dy.words());
      dParameters = poison(arena, shape.parameterWords());
      dx = poison(arena, x.words());
      scratch = poison(arena, shape.scratchWords(test.members(), test.rows()));
      xValues = x.floats();
      parameterValues = parameters.floats();
      if (test.present() < test.rows()) {
        count = arena.allocate(1);
        count.write(test.present());
      } else {
        count = null;
      }
    }

    private static Buffer noise(TensorArena arena, long words, double scale, Random random) {
      Buffer buffer = arena.allocate(words);
      float[] values = new float[(int) words];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (scale * random.nextGaussian());
      }
      buffer.write(values);
      return buffer;
    }

    private static Buffer poison(TensorArena arena, long words) {
      Buffer buffer = arena.allocate(words);
      float[] values = new float[(int) words];
      Arrays.fill(values, POISON);
      buffer.write(values);
      return buffer;
    }

    void run(CpuBackend backend, boolean accumulate) {
      backend.run(
          new MlpForward(
              test.shape(),
              test.rows(),
              test.mode(),
              test.first(),
              test.members(),
              x,
              parameters,
              null,
              count,
              tape,
              y));
      backend.run(
          new MlpBackward(
              test.shape(),
              test.rows(),
              test.mode(),
              test.first(),
              test.members(),
              accumulate,
              accumulate,
              x,
              parameters,
              tape,
              dy,
              null,
              count,
              scratch,
              dParameters,
              dx));
    }

    NaiveMlp naive(int m) {
      return new NaiveMlp(test.shape(), parameterValues, test.first() + m);
    }

    double[] row(int m, int row) {
      int matrix = test.mode() == RowMode.PRIVATE ? m * test.rows() : 0;
      return row(xValues, test.shape().inputs(), matrix + row);
    }

    private static double[] row(float[] values, int width, int row) {
      double[] result = new double[width];
      for (int i = 0; i < width; i++) {
        result[i] = values[row * width + i];
      }
      return result;
    }

    void checkForward() {
      float[] actual = y.floats();
      for (int m = 0; m < test.members(); m++) {
        NaiveMlp mlp = naive(m);
        for (int row = 0; row < test.rows(); row++) {
          double[] expected = new double[test.shape().outputs()];
          Arrays.fill(expected, POISON);
          if (row < test.present()) {
            expected = mlp.forward(row(m, row));
          }
          checkRow(actual, m * test.rows() + row, expected, "y of member " + m);
        }
      }
    }

    /** The gradients after one run, plus {@code extra} accumulated ones. */
    void checkBackward(int extra) {
      MlpShape shape = test.shape();
      double[] expected = new double[(int) shape.parameterWords()];
      double[] inputs = new double[(int) dx.words()];
      float[] allDy = dy.floats();
      for (int m = 0; m < test.members(); m++) {
        NaiveMlp mlp = naive(m);
        for (int row = 0; row < test.present(); row++) {
          mlp.forward(row(m, row));
          double[] d = mlp.backward(row(allDy, shape.outputs(), m * test.rows() + row), expected);
          int at = test.mode() == RowMode.PRIVATE ? m * test.rows() + row : row;
          for (int i = 0; i < d.length; i++) {
            inputs[at * d.length + i] += d[i];
          }
        }
      }
      compare("dParameters", dParameters.floats(), expected, 1 + extra, touched());
      boolean[] present = new boolean[inputs.length];
      for (int i = 0; i < present.length; i++) {
        present[i] = i / shape.inputs() % test.rows() < test.present();
      }
      compare("dx", dx.floats(), inputs, 1 + extra, present);
    }

    /** Parameters of the members that ran; padding and other members stay as they were. */
    private boolean[] touched() {
      MlpShape shape = test.shape();
      boolean[] result = new boolean[(int) shape.parameterWords()];
      for (int layer = 0; layer <= shape.layers(); layer++) {
        int out = shape.out(layer);
        mark(result, shape.weights(layer), shape.in(layer) * out);
        mark(result, shape.bias(layer), out);
        if (shape.norm() && layer < shape.layers()) {
          mark(result, shape.gain(layer), out);
          mark(result, shape.shift(layer), out);
        }
      }
      return result;
    }

    private void mark(boolean[] result, long block, int words) {
      int begin = (int) block + test.first() * words;
      Arrays.fill(result, begin, begin + test.members() * words, true);
    }

    private void compare(
        String name, float[] actual, double[] expected, int times, boolean[] touched) {
      double scale = Arrays.stream(expected).map(Math::abs).max().orElse(0);
      for (int i = 0; i < actual.length; i++) {
        double value = touched[i] ? times * expected[i] : POISON;
        double tolerance = touched[i] ? tolerated * 1e-5 * (Math.abs(value) + scale) : 0;
        if (!(Math.abs(actual[i] - value) <= (touched[i] ? tolerance : 1e24))) {
          assertThat((double) actual[i])
              .as("%s[%d] of %s", name, i, test)
              .isCloseTo(value, within(tolerance));
        }
      }
    }

    void checkRow(float[] actual, int row, double[] expected, String name) {
      for (int j = 0; j < expected.length; j++) {
        double tolerance =
            expected[j] == POISON ? 1e24 : tolerated * 2e-5 * (1 + Math.abs(expected[j]));
        assertThat((double) actual[row * expected.length + j])
            .as("%s row %d column %d of %s", name, row, j, test)
            .isCloseTo(expected[j], within(tolerance));
      }
    }
  }
}
