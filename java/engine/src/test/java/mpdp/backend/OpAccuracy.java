package mpdp.backend;

import mpdp.backend.harness.CaseMemory;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.op.OpEncoding.Access;

/**
 * Prints how far a back end's answers are from the reference's on the sizes of training: for each
 * output the root mean square of the error and the largest error, both as parts of the root mean
 * square of the output. Arguments: back end and a regular expression of op names.
 */
public final class OpAccuracy {
  private OpAccuracy() {}

  public static void main(String[] arguments) {
    try (Backend backend = Backends.open(arguments[0], 0)) {
      System.out.println(backend.name() + ": " + backend.device());
      System.out.printf("%9s %9s  %s%n", "rms", "largest", "output of case");
      for (OpCase opCase : OpCases.all()) {
        if (opCase.real() && opCase.op().id().matches(arguments[1])) {
          print(CaseResult.expected(opCase), CaseResult.of(opCase, backend));
        }
      }
    }
  }

  private static void print(CaseResult expected, CaseResult actual) {
    expected
        .operands()
        .forEach(
            (name, values) -> {
              if (values.access() != Access.IN) {
                int[] words = actual.operands().get(name).words();
                print(values.words(), words, name + " of " + expected.opCase());
              }
            });
  }

  private static void print(int[] expected, int[] actual, String what) {
    double squares = 0;
    double errors = 0;
    double largest = 0;
    int count = 0;
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] != CaseMemory.POISON) {
        double e = Float.intBitsToFloat(expected[i]);
        double error = Math.abs(Float.intBitsToFloat(actual[i]) - e);
        squares += e * e;
        errors += error * error;
        largest = Math.max(largest, error);
        count++;
      }
    }
    double rms = Math.sqrt(squares / count);
    System.out.printf("%9.2e %9.2e  %s%n", Math.sqrt(errors / count) / rms, largest / rms, what);
  }
}
