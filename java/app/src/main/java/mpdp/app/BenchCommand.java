package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import mpdp.UsageException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the kernels and what is built from them. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    sortOptions = false,
    description = "Measures speed on this machine; every benchmark checks its answer first.")
final class BenchCommand implements Callable<Integer> {
  private static final int SMOKE_MILLIS = 50;

  private final PrintWriter out;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "Part of a benchmark's or an op's name; everything where left out.")
  private String pattern = "";

  @Option(names = "--list", description = "Prints what would run, with its parameters.")
  private boolean list;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes JMH's results as JSON.")
  private @Nullable Path json;

  @Option(names = "--peers", description = "Measures PyTorch beside it, in alternating rounds.")
  private boolean peers;

  @Option(
      names = "--set",
      paramLabel = "PARAMETER=VALUE,...",
      description = "Values of a parameter, e.g. threads=1,2 or shape=ant; may be repeated.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--every", description = "Every value of the parameters, not the usual ones.")
  private boolean every;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "0",
      description = "Measured iterations of each benchmark; 0 takes the usual number.")
  private int iterations;

  @Option(names = "--smoke", description = "One very short iteration: does everything run?")
  private boolean smoke;

  @Option(
      names = "--tables",
      paramLabel = "CHECKOUT",
      description =
          "Measures nothing: writes the tables of README.md and docs/results.md from benchmarks/results.")
  private @Nullable Path tables;

  BenchCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    Benchmarks benchmarks = Benchmarks.load();
    if (tables != null) {
      benchmarks.tables(tables, out);
      return 0;
    }
    if (iterations < 0) {
      throw new UsageException(
          "--iterations " + iterations + " is out of range; allowed: 0 or more");
    }
    Benchmarks.Request request =
        new Benchmarks.Request(
            pattern,
            parameters(),
            every,
            smoke ? 1 : iterations,
            smoke ? SMOKE_MILLIS : 0,
            json,
            peers);
    if (list) {
      benchmarks.list(request, out);
    } else {
      benchmarks.run(request, out);
    }
    return 0;
  }

  private Map<String, List<String>> parameters() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1 || equals == set.length() - 1) {
        throw new UsageException("--set " + set + " is not of the form parameter=value,...");
      }
      values.put(set.substring(0, equals), Arrays.asList(set.substring(equals + 1).split(",")));
    }
    return values;
  }
}
