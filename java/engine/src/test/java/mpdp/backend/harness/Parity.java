package mpdp.backend.harness;

import java.util.Set;
import mpdp.backend.op.OpEncoding.Access;

/**
 * Compares what a back end computed with the reference: |difference| at most TOLERANCE sqrt(K) (1 +
 * |reference|), integers and copied words equal, words that the reference leaves alone left alone.
 */
public final class Parity {
  /** About 30 roundings of a float32; K says how many more a sum takes. */
  private static final double TOLERANCE = 2e-6;

  /** Outputs that hold int32. */
  private static final Set<String> INTEGERS =
      Set.of(
          "order",
          "offsets",
          "chosen",
          "child",
          "nextCount",
          "nextRoot",
          "index",
          "present",
          "routedRoot",
          "elite");

  private Parity() {}

  /** Fails, naming the first word that is wrong. */
  public static void check(CaseResult expected, CaseResult actual, String backend) {
    check(expected, actual, backend, 1);
  }

  /** The same with {@code looser} times the tolerance. */
  public static void check(CaseResult expected, CaseResult actual, String backend, double looser) {
    expected
        .operands()
        .forEach(
            (name, values) -> {
              int[] words = actual.operands().get(name).words();
              for (int i = 0; i < words.length; i++) {
                check(expected.opCase(), name, values, i, words[i], backend, looser);
              }
            });
  }

  private static void check(
      OpCase opCase,
      String name,
      CaseResult.Values values,
      int i,
      int actual,
      String backend,
      double looser) {
    int expected = values.words()[i];
    if (expected == actual) {
      return;
    }
    boolean exact =
        values.access() == Access.IN
            || expected == CaseMemory.POISON
            || actual == CaseMemory.POISON
            || INTEGERS.contains(name);
    float e = Float.intBitsToFloat(expected);
    float a = Float.intBitsToFloat(actual);
    double allowed = looser * TOLERANCE * Math.sqrt(opCase.terms()) * (1 + Math.abs(e));
    if (exact || !(Math.abs((double) a - e) <= allowed || Float.isNaN(a) && Float.isNaN(e))) {
      throw new AssertionError(
          "%s on %s (seed %d): %s[%d] is %s, expected %s%s"
              .formatted(
                  opCase,
                  backend,
                  CaseMemory.SEED,
                  name,
                  i,
                  text(name, actual),
                  text(name, expected),
                  exact ? " exactly" : " +- %.2g".formatted(allowed)));
    }
  }

  private static String text(String name, int word) {
    if (word == CaseMemory.POISON) {
      return "untouched";
    }
    return INTEGERS.contains(name)
        ? Integer.toString(word)
        : Float.toString(Float.intBitsToFloat(word));
  }
}
