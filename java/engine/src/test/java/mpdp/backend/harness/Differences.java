package mpdp.backend.harness;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import mpdp.backend.Backend;
import mpdp.backend.op.Operation;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;

/**
 * Checks gradients of the reference with five-point differences: with step h = 2^-5 the truncation
 * error is h^4 / 30 of the fifth derivative (3e-8) and rounding of the float32 outputs gives about
 * 1e-5, both far below the tolerance. Inputs are multiples of 2^-12, so that steps are exact.
 */
public final class Differences implements AutoCloseable {
  private static final double STEP = 0x1p-5;
  private static final double GRID = 0x1p-12;
  private static final int CHECKED = 40;

  private final HostArena arena = new HostArena("gradients");
  private final Backend reference = new ReferenceBackend();
  private final RandomGenerator random = new SplittableRandom(CaseMemory.SEED);

  public RandomGenerator random() {
    return random;
  }

  public void run(Operation... operations) {
    for (Operation operation : operations) {
      reference.run(operation);
    }
  }

  public Buffer zeros(long words) {
    return arena.allocate(words);
  }

  public Buffer floats(float... values) {
    Buffer buffer = arena.allocate(values.length);
    buffer.write(values);
    return buffer;
  }

  public Buffer ints(int... values) {
    Buffer buffer = arena.allocate(values.length);
    buffer.write(values);
    return buffer;
  }

  /** Values on the grid. */
  public Buffer fill(long words, DoubleSupplier source) {
    float[] values = new float[Math.toIntExact(words)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.rint(source.getAsDouble() / GRID) * GRID);
    }
    return floats(values);
  }

  public Buffer normals(long words) {
    return fill(words, random::nextGaussian);
  }

  /** The sum of products of two buffers' words. */
  public static double dot(Buffer a, Buffer b) {
    float[] x = a.floats();
    float[] y = b.floats();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }

  /**
   * Checks that {@code gradient} is the derivative of {@code loss} by the words of {@code input}.
   */
  public void check(String what, Buffer input, Buffer gradient, DoubleSupplier loss) {
    int words = (int) input.words();
    for (int checked = 0; checked < Math.min(CHECKED, words); checked++) {
      int index = words <= CHECKED ? checked : random.nextInt(words);
      double expected = difference(input, index, loss);
      double actual = gradient.get(index);
      if (!(Math.abs(actual - expected) <= 5e-4 * (1 + Math.abs(expected)))) {
        throw new AssertionError(
            "%s (seed %d): gradient[%d] is %s, differences say %s"
                .formatted(what, CaseMemory.SEED, index, actual, expected));
      }
    }
  }

  private static double difference(Buffer input, int index, DoubleSupplier loss) {
    float value = input.get(index);
    double near = at(input, index, value + STEP, loss) - at(input, index, value - STEP, loss);
    double far =
        at(input, index, value + 2 * STEP, loss) - at(input, index, value - 2 * STEP, loss);
    set(input, index, value);
    return (8 * near - far) / (12 * STEP);
  }

  private static double at(Buffer input, int index, double value, DoubleSupplier loss) {
    set(input, index, (float) value);
    return loss.getAsDouble();
  }

  private static void set(Buffer buffer, int index, float value) {
    buffer.write(index, MemorySegment.ofArray(new float[] {value}));
  }

  @Override
  public void close() {
    arena.close();
  }
}
