package mpdp.app.run;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import mpdp.settings.SettingsLoader;

/**
 * Runs as a table for people.
 *
 * @param runs a row each
 * @param differing by task and preset: the keys that not all runs of them have equal
 */
public record RunTable(List<RunSummary> runs, Map<String, List<String>> differing) {
  /** Keys with columns of their own, and one that changes no result. */
  private static final Set<String> TOLD =
      Set.of("task.id", "train.algorithm", "train.seed", "train.steps", "train.threads");

  private static final int COMMIT_CHARACTERS = 8;

  /**
   * Looks for what differs among the runs; settings come from task and preset in the first place.
   */
  public static RunTable of(List<RunSummary> runs) {
    Map<String, List<RunSummary>> kinds =
        runs.stream()
            .collect(
                Collectors.groupingBy(RunTable::kind, LinkedHashMap::new, Collectors.toList()));
    Map<String, List<String>> differing = new LinkedHashMap<>();
    kinds.forEach((kind, members) -> differing.put(kind, differing(members)));
    return new RunTable(List.copyOf(runs), differing);
  }

  private static String kind(RunSummary run) {
    return run.task() + " " + run.preset();
  }

  private static List<String> differing(List<RunSummary> runs) {
    Map<String, Object> first = SettingsLoader.values(runs.getFirst().settings());
    List<String> keys = new ArrayList<>(first.keySet());
    keys.removeAll(TOLD);
    keys.removeIf(
        key ->
            runs.stream()
                .map(run -> SettingsLoader.values(run.settings()).get(key))
                .allMatch(value -> Objects.equals(first.get(key), value)));
    return keys;
  }

  /** One line a run below a line of names; {@code -} where there is nothing to tell. */
  public void print(PrintWriter out) {
    TextTable table =
        new TextTable(
            "task",
            "algorithm",
            "differs",
            "seed",
            "steps",
            "status",
            "last",
            "best",
            "minutes",
            "steps/s",
            "commit",
            "path");
    for (RunSummary run : runs) {
      double rate = run.steps() / (60 * run.minutes());
      table.row(
          run.task(),
          run.algorithm(),
          differs(run),
          Long.toString(run.seed()),
          run.steps() + "/" + run.settings().train().steps(),
          run.status().word(),
          TextTable.number(run.lastEvaluation(), 1),
          TextTable.number(run.bestEvaluation(), 1),
          TextTable.number(run.minutes(), 1),
          TextTable.number(rate, 1),
          run.commit().substring(0, Math.min(COMMIT_CHARACTERS, run.commit().length())),
          run.path().toString());
    }
    table.print(out);
    out.println(counts());
  }

  private String differs(RunSummary run) {
    List<String> parts = new ArrayList<>();
    if (differing.size() > 1 && runs.stream().anyMatch(r -> !r.preset().equals(run.preset()))) {
      parts.add("preset=" + run.preset());
    }
    if (!run.variant().isEmpty()) {
      parts.add(run.variant());
    }
    differing
        .getOrDefault(kind(run), List.of())
        .forEach(key -> parts.add(key + "=" + run.value(key)));
    return String.join(" ", parts);
  }

  /** How many runs there are, and how many of each status. */
  private String counts() {
    Map<String, Long> counts =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    run -> run.status().word(), LinkedHashMap::new, Collectors.counting()));
    List<String> parts = new ArrayList<>();
    counts.forEach((status, count) -> parts.add(count + " " + status));
    String detail = parts.isEmpty() ? "" : ": " + String.join(", ", parts);
    return String.format(Locale.ROOT, "%d runs%s", runs.size(), detail);
  }
}
