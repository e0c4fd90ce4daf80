package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mpdp.UsageException;
import mpdp.app.run.RunFinder;
import mpdp.app.run.RunSummary;
import mpdp.app.run.RunTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    sortOptions = false,
    description = "Lists the runs in folders: how far they are, their scores, what differs.")
final class RunsCommand implements Runnable {
  private final PrintWriter out;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Run folders, or folders of them.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "KEY=VALUE",
      description =
          "Only runs of that task, algorithm, preset, variant, seed, status, commit or setting.")
  private List<String> conditions = new ArrayList<>();

  @Option(
      names = "--sort",
      paramLabel = "KEY",
      description = "By a key as above, steps, last, best or minutes; -KEY: the largest first.")
  private @Nullable String order;

  @Option(names = "--json", description = "One JSON object on the last line.")
  private boolean json;

  RunsCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void run() {
    List<RunSummary> runs = new ArrayList<>();
    folders.forEach(folder -> runs.addAll(RunFinder.below(folder)));
    conditions.forEach(condition -> runs.removeIf(run -> !holds(condition, run)));
    if (order != null) {
      runs.sort(comparator(order));
    }
    if (json) {
      out.println(Json.line(Map.of("runs", runs.stream().map(RunsCommand::object).toList())));
    } else {
      RunTable.of(runs).print(out);
    }
    out.flush();
  }

  private static boolean holds(String condition, RunSummary run) {
    int equals = condition.indexOf('=');
    if (equals < 1) {
      throw new UsageException("--where " + condition + " is not of the form KEY=VALUE");
    }
    return run.value(condition.substring(0, equals)).equals(condition.substring(equals + 1));
  }

  private static Comparator<RunSummary> comparator(String order) {
    String key = order.startsWith("-") ? order.substring(1) : order;
    Comparator<RunSummary> ascending =
        switch (key) {
          case "steps" -> Comparator.comparingLong(RunSummary::steps);
          case "last" -> Comparator.comparingDouble(RunSummary::lastEvaluation);
          case "best" -> Comparator.comparingDouble(RunSummary::bestEvaluation);
          case "minutes" -> Comparator.comparingDouble(RunSummary::minutes);
          case "seed" -> Comparator.comparingLong(RunSummary::seed);
          default -> Comparator.comparing(run -> run.value(key));
        };
    return order.equals(key) ? ascending : ascending.reversed();
  }

  private static Map<String, @Nullable Object> object(RunSummary run) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("path", run.path().toString());
    object.put("task", run.task());
    object.put("algorithm", run.algorithm());
    object.put("seed", run.seed());
    object.put("status", run.status().word());
    object.put("steps", run.steps());
    object.put("eval_last", Json.number(run.lastEvaluation()));
    object.put("eval_best", Json.number(run.bestEvaluation()));
    object.put("minutes", run.minutes());
    object.put("commit", run.commit());
    object.put("settings", Json.settings(run.settings()));
    return object;
  }
}
