package mpdp.theory;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.random.RandomStream;

/** Checks the theory of extended policy improvement on seeded random tabular MDPs. */
public final class Theory {
  /** A statement is violated when its relative margin is below minus this: far above rounding. */
  public static final double TOLERANCE = 1e-8;

  private Theory() {}

  /**
   * Tries every statement. The result depends on {@code mdps} and {@code seed} alone.
   *
   * @param mdps how many random processes, at least 1
   * @param seed which ones
   * @param threads how many work on them, at least 1
   * @throws UsageException if a number is out of range
   */
  public static TheoryReport verify(int mdps, long seed, int threads) {
    return verify(mdps, seed, threads, Improvement.OURS);
  }

  /** Tries the statements on another improvement: a wrong one has to be found out. */
  static TheoryReport verify(int mdps, long seed, int threads, Improvement improvement) {
    if (mdps < 1 || threads < 1) {
      throw new UsageException(
          "verify-theory was asked for "
              + mdps
              + " MDPs on "
              + threads
              + " threads: give at least 1 of each");
    }
    Tally total = new Tally();
    total.add(Map.of(Statement.SHARED_POLICY, SharedPolicyCounterexample.margin()));
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Tally>> parts = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int first = thread;
        parts.add(pool.submit(share(first, mdps, threads, seed, improvement)));
      }
      for (Future<Tally> part : parts) {
        total.merge(part.get());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new MpdpException("The verification was interrupted: start it again", stopped);
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
    return new TheoryReport(mdps, seed, total.results());
  }

  private static Callable<Tally> share(
      int first, int mdps, int stride, long seed, Improvement improvement) {
    return () -> {
      Tally tally = new Tally();
      for (int i = first; i < mdps; i += stride) {
        tally.add(TheoryCheck.margins(improvement, new RandomStream(seed, i)));
      }
      return tally;
    };
  }

  /** Counts and least margins: sums and minima, so the order of merging does not matter. */
  private static final class Tally {
    private final Map<Statement, TheoryReport.Result> results = new EnumMap<>(Statement.class);

    Tally() {
      for (Statement statement : Statement.values()) {
        results.put(statement, new TheoryReport.Result(statement, 0, 0, Double.POSITIVE_INFINITY));
      }
    }

    void add(Map<Statement, Double> margins) {
      margins.forEach(
          (statement, margin) ->
              merge(new TheoryReport.Result(statement, 1, margin < -TOLERANCE ? 1 : 0, margin)));
    }

    void merge(Tally other) {
      other.results.values().forEach(this::merge);
    }

    private void merge(TheoryReport.Result more) {
      results.merge(
          more.statement(),
          more,
          (a, b) ->
              new TheoryReport.Result(
                  a.statement(),
                  a.tried() + b.tried(),
                  a.violations() + b.violations(),
                  Math.min(a.worstMargin(), b.worstMargin())));
    }

    List<TheoryReport.Result> results() {
      return List.copyOf(results.values());
    }
  }
}
