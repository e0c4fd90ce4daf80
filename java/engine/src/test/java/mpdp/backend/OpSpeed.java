package mpdp.backend;

import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;
import mpdp.backend.op.Operation;
import mpdp.tensor.TensorArena;

/**
 * Prints time, GFLOP/s and GB/s of every op on the sizes of training, after checking its answer. A
 * quick look, not a benchmark. Arguments: back end, threads, and a part of the op names.
 */
public final class OpSpeed {
  private static final long LEAST_NANOS = 50_000_000;

  /** Waiting for a GPU takes as long as a small op: it is done once for several. */
  private static final int RUNS_AT_ONCE = 8;

  private OpSpeed() {}

  public static void main(String[] arguments) {
    String name = arguments.length > 0 ? arguments[0] : Backends.AUTO;
    int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    String part = arguments.length > 2 ? arguments[2] : "";
    try (Backend backend = Backends.open(name, threads)) {
      System.out.printf("%s: %s%n", backend.name(), backend.device());
      System.out.printf("%10s %9s %8s  %s%n", "us", "GFLOP/s", "GB/s", "case");
      for (OpCase opCase : OpCases.all()) {
        if (opCase.real() && opCase.op().id().contains(part)) {
          Parity.check(CaseResult.expected(opCase), CaseResult.of(opCase, backend), name);
          print(opCase, backend);
        }
      }
    }
  }

  private static void print(OpCase opCase, Backend backend) {
    try (TensorArena arena = backend.arena("speed")) {
      Operation operation = opCase.make().apply(opCase.memory(arena));
      try (Program program = backend.record("speed", recorder -> recorder.add(operation))) {
        double nanos = nanosPerRun(program, backend);
        System.out.printf(
            "%10.1f %9.2f %8.2f  %s%n",
            nanos / 1e3, operation.flops() / nanos, operation.bytes() / nanos, opCase);
      }
    }
  }

  /** The best of five rounds of at least {@link #LEAST_NANOS}, the first of which warms up. */
  private static double nanosPerRun(Program program, Backend backend) {
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      long elapsed = 0;
      int runs = 0;
      while (elapsed < LEAST_NANOS) {
        for (int i = 0; i < RUNS_AT_ONCE; i++) {
          program.run();
        }
        backend.finish();
        runs += RUNS_AT_ONCE;
        elapsed = System.nanoTime() - start;
      }
      best = Math.min(best, (double) elapsed / runs);
    }
    return best;
  }
}
