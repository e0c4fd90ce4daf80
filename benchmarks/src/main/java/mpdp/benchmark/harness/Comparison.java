package mpdp.benchmark.harness;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import mpdp.backend.Program;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;

/**
 * Compares what two back ends left in every output of the same program. Rounding differs between
 * them and grows along a program, and an optimiser's first steps follow the sign of a gradient, so
 * single words may differ by a little: the error of a whole output is small against its size.
 */
public final class Comparison {
  /** Root mean square of the error, as a share of that of the output. */
  private static final double TYPICAL = 2e-3;

  /** The largest error, as a share of the largest word. */
  private static final double LARGEST = 2e-2;

  /** What back ends may lay out as they like. */
  private static final Set<String> PRIVATE = Set.of("scratch", "tape");

  /** Operands that hold weights and what networks say. */
  private static final Set<String> NETWORKS = Set.of("parameters", "y");

  private static final int PIECE = 256;

  private Comparison() {}

  /**
   * Fails, naming the op and operand, unless {@code actual} computed what {@code expected} did.
   *
   * @throws AssertionError if an output differs by more than rounding
   */
  public static void check(Program expected, Program actual) {
    List<Operation> left = expected.operations();
    List<Operation> right = actual.operations();
    if (left.size() != right.size()) {
      throw new AssertionError("programs of " + left.size() + " and " + right.size() + " ops");
    }
    for (int i = 0; i < left.size(); i++) {
      List<OpEncoding.Operand> operands = OpEncoding.of(left.get(i)).operands();
      List<OpEncoding.Operand> others = OpEncoding.of(right.get(i)).operands();
      for (int j = 0; j < operands.size(); j++) {
        Buffer reference = operands.get(j).buffer();
        Buffer other = others.get(j).buffer();
        if (reference != null && other != null && isAnswer(operands.get(j))) {
          String what = "op %d, %s %s".formatted(i, left.get(i).op().id(), operands.get(j).name());
          check(what, reference.floats(), other.floats());
        }
      }
    }
  }

  /**
   * Fails unless all networks and their last outputs are finite.
   *
   * @throws AssertionError naming the op and operand
   */
  public static void checkFinite(Program program) {
    for (Operation operation : program.operations()) {
      for (OpEncoding.Operand operand : OpEncoding.of(operation).operands()) {
        Buffer buffer = operand.buffer();
        if (buffer != null && NETWORKS.contains(operand.name())) {
          checkFinite(operation.op().id() + " " + operand.name(), buffer);
        }
      }
    }
  }

  /** Reads in pieces: a large array here would show in JMH's allocation rate. */
  private static void checkFinite(String what, Buffer buffer) {
    float[] piece = new float[PIECE];
    for (long at = 0; at < buffer.words(); at += PIECE) {
      int words = (int) Math.min(PIECE, buffer.words() - at);
      buffer.read(at, MemorySegment.ofArray(piece).asSlice(0, 4L * words));
      for (int i = 0; i < words; i++) {
        if (!Float.isFinite(piece[i])) {
          throw new AssertionError(
              "wrong answer: %s[%d] is %s after the measurement".formatted(what, at + i, piece[i]));
        }
      }
    }
  }

  private static boolean isAnswer(OpEncoding.Operand operand) {
    return operand.access() != OpEncoding.Access.IN && !PRIVATE.contains(operand.name());
  }

  /**
   * Fails unless the words agree. Integers are compared by the same rule: as floats they are tiny,
   * but just as far apart in proportion.
   */
  public static void check(String what, float[] expected, float[] actual) {
    double squares = 0;
    double errors = 0;
    double largest = 0;
    double worst = 0;
    int at = 0;
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToRawIntBits(expected[i]) == Float.floatToRawIntBits(actual[i])) {
        continue;
      }
      double error = Math.abs((double) expected[i] - actual[i]);
      if (!(error <= Double.MAX_VALUE)) {
        throw wrong(what, i, expected[i], actual[i]);
      }
      errors += error * error;
      at = error > worst ? i : at;
      worst = Math.max(worst, error);
    }
    for (float word : expected) {
      double size = Float.isNaN(word) ? 0 : Math.abs((double) word);
      squares += size * size;
      largest = Math.max(largest, size);
    }
    if (errors > TYPICAL * TYPICAL * squares || worst > LARGEST * largest) {
      throw wrong(what, at, expected[at], actual[at]);
    }
  }

  private static AssertionError wrong(String what, int at, float expected, float actual) {
    return new AssertionError(
        "wrong answer: %s[%d] is %s, the reference back end says %s"
            .formatted(what, at, actual, expected));
  }
}
