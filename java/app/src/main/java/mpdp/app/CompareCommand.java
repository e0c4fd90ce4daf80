package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import mpdp.UsageException;
import mpdp.app.compare.Comparison;
import mpdp.app.compare.ComparisonPlot;
import mpdp.app.compare.Group;
import mpdp.app.compare.Pair;
import mpdp.app.compare.Statistics;
import mpdp.app.plot.BandChart;
import mpdp.app.run.RunFinder;
import mpdp.app.run.RunSummary;
import mpdp.app.run.TextTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares groups of runs. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    sortOptions = false,
    description = "Compares groups of runs: scores, intervals, differences over equal seeds.")
final class CompareCommand implements Runnable {
  private final PrintWriter out;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Run folders, or folders of them.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--by",
      required = true,
      split = ",",
      paramLabel = "KEY",
      description =
          "What makes the groups: task, algorithm, variant, agent.batch, ... (mpdp runs).")
  private List<String> by = new ArrayList<>();

  @Option(
      names = "--at",
      paramLabel = "STEPS",
      description = "Environment steps; the most that all finished runs came to where left out.")
  private @Nullable Long at;

  @Option(names = "--out", paramLabel = "FILE.png", description = "Draws the groups as well.")
  private @Nullable Path picture;

  @Option(names = "--json", description = "One JSON object on the last line.")
  private boolean json;

  CompareCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void run() {
    if (picture != null) {
      BandChart.requirePng(picture);
    }
    if (at != null && at < 1) {
      throw new UsageException("--at " + at + " is out of range; allowed: 1 or more");
    }
    List<RunSummary> runs = new ArrayList<>();
    folders.forEach(folder -> runs.addAll(RunFinder.below(folder)));
    Comparison comparison =
        Comparison.of(runs, by, at == null ? OptionalLong.empty() : OptionalLong.of(at));
    if (picture != null) {
      ComparisonPlot.write(comparison, picture);
    }
    if (json) {
      out.println(Json.line(object(comparison)));
    } else {
      print(comparison);
    }
    out.flush();
  }

  private void print(Comparison comparison) {
    out.printf(Locale.ROOT, "at step %d%n", comparison.steps());
    TextTable groups =
        new TextTable(comparison.by(), "n", "mean", "median", "min", "iqm", "95 %", "auc");
    for (Group group : comparison.groups()) {
      groups.row(
          group.key(),
          Integer.toString(group.n()),
          number(group.mean()),
          number(group.median()),
          number(group.min()),
          number(group.iqm()),
          interval(group.interval()),
          number(group.auc()));
    }
    groups.print(out);
    if (!comparison.pairs().isEmpty()) {
      out.println();
      TextTable pairs = new TextTable("difference, equal seeds", "n", "mean", "95 %");
      for (Pair pair : comparison.pairs()) {
        pairs.row(
            pair.a() + " - " + pair.b(),
            Integer.toString(pair.n()),
            number(pair.difference()),
            interval(pair.interval()));
      }
      pairs.print(out);
    }
    for (RunSummary run : comparison.leftOut()) {
      out.printf(Locale.ROOT, "left out at step %d: %s%n", run.steps(), run.path());
    }
  }

  private static String number(double value) {
    return TextTable.number(value, 1);
  }

  private static String interval(Statistics.Interval interval) {
    return number(interval.low()) + " to " + number(interval.high());
  }

  private static Map<String, Object> object(Comparison comparison) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("groups", comparison.groups().stream().map(CompareCommand::object).toList());
    object.put("pairs", comparison.pairs().stream().map(CompareCommand::object).toList());
    return object;
  }

  private static Map<String, @Nullable Object> object(Group group) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("key", group.key());
    object.put("n", group.n());
    object.put("mean", Json.number(group.mean()));
    object.put("median", Json.number(group.median()));
    object.put("min", Json.number(group.min()));
    object.put("iqm", Json.number(group.iqm()));
    object.put("iqm_low", Json.number(group.interval().low()));
    object.put("iqm_high", Json.number(group.interval().high()));
    object.put("auc", Json.number(group.auc()));
    return object;
  }

  private static Map<String, @Nullable Object> object(Pair pair) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("a", pair.a());
    object.put("b", pair.b());
    object.put("n", pair.n());
    object.put("difference", Json.number(pair.difference()));
    object.put("low", Json.number(pair.interval().low()));
    object.put("high", Json.number(pair.interval().high()));
    return object;
  }
}
