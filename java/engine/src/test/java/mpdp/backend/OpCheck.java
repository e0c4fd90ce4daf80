package mpdp.backend;

import java.util.function.Predicate;
import mpdp.MpdpException;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;

/**
 * Compares a back end with the reference on every case, as OpParityTest does, but alone in a
 * process: to run under AddressSanitizer or compute-sanitizer. Arguments: back end; all, real (the
 * sizes of training) or small (the others); a regular expression of op names. Exits with 1 if a
 * case fails.
 */
public final class OpCheck {
  private OpCheck() {}

  public static void main(String[] arguments) {
    String sizes = arguments.length > 1 ? arguments[1] : "all";
    String names = arguments.length > 2 ? arguments[2] : ".*";
    try {
      int failed =
          run(arguments[0], opCase -> wanted(opCase, sizes) && opCase.op().id().matches(names));
      System.exit(failed == 0 ? 0 : 1);
    } catch (MpdpException e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
  }

  private static boolean wanted(OpCase opCase, String sizes) {
    return sizes.equals("all") || opCase.real() == sizes.equals("real");
  }

  private static int run(String name, Predicate<OpCase> wanted) {
    int checked = 0;
    int failed = 0;
    try (Backend backend = Backends.open(name, 0)) {
      System.out.println(backend.name() + ": " + backend.device());
      for (OpCase opCase : OpCases.all()) {
        if (wanted.test(opCase)) {
          checked++;
          try {
            Parity.check(CaseResult.expected(opCase), CaseResult.of(opCase, backend), name);
          } catch (AssertionError | MpdpException e) {
            failed++;
            System.out.println("FAILED " + opCase + ": " + e.getMessage());
          }
        }
      }
    }
    System.out.printf("%d cases, %d failed%n", checked, failed);
    return failed + (checked == 0 ? 1 : 0);
  }
}
