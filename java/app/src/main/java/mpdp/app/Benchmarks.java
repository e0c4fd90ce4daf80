package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;

/**
 * The benchmarks behind {@code mpdp bench}: a module of its own, because training needs none of it.
 * Found on the class path by {@link java.util.ServiceLoader}.
 */
public interface Benchmarks {
  /**
   * What to run.
   *
   * @param pattern part of the names to run, "" for all
   * @param parameters values by parameter, in place of the usual ones
   * @param every every value of the parameters that are not given, not the usual ones
   * @param iterations measured iterations, 0 for the usual number
   * @param millis length of an iteration, 0 for the usual one
   * @param json where the results go, or null
   * @param peers measure PyTorch beside it
   */
  record Request(
      String pattern,
      Map<String, List<String>> parameters,
      boolean every,
      int iterations,
      int millis,
      @Nullable Path json,
      boolean peers) {}

  /**
   * What to compare.
   *
   * @param pattern part of the benchmarks' names, "" for all
   * @param base folder of the base version's jars
   * @param tools folder of the working tree's jars, the benchmarks' included
   * @param runner native/gate/run_calls.cpp, compiled
   * @param changed files that differ between the two, from the root of the checkout
   * @param brief fewer rounds
   */
  record GateRequest(
      String pattern, Path base, Path tools, Path runner, List<String> changed, boolean brief) {}

  /**
   * Compares two versions of the kernels in one process and prints a table.
   *
   * @return whether nothing got worse
   */
  boolean gate(GateRequest request, PrintWriter out);

  /**
   * Makes the tables of a checkout's documents again from its {@code benchmarks/results}.
   *
   * @throws mpdp.UsageException if the folder is no checkout
   * @throws mpdp.MpdpException if a result or a place for a table is missing
   */
  void tables(Path checkout, PrintWriter out);

  /** The implementation on the class path. */
  static Benchmarks load() {
    return ServiceLoader.load(Benchmarks.class)
        .findFirst()
        .orElseThrow(() -> new MpdpException("the benchmarks are not built: ./mpdp bench"));
  }

  /** Prints name and parameters of everything that {@code request} selects. */
  void list(Request request, PrintWriter out);

  /**
   * Runs what {@code request} selects and prints a table.
   *
   * @throws mpdp.UsageException if it selects nothing, or names an unknown parameter
   * @throws mpdp.MpdpException if a benchmark fails or its answer is wrong
   */
  void run(Request request, PrintWriter out);
}
