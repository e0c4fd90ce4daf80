package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
