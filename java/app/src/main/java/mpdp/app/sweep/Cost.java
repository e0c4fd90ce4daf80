package mpdp.app.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mpdp.app.campaign.PlannedRun;
import mpdp.app.run.RunStatus;
import mpdp.app.run.RunSummary;
import mpdp.checkpoint.CheckpointFolder;
import org.jspecify.annotations.Nullable;

/**
 * What is left to do in a campaign.
 *
 * @param rows a run each, in the order of the file
 */
public record Cost(List<Row> rows) {
  /**
   * One run.
   *
   * @param steps environment steps of the whole run
   * @param left those after its latest checkpoint
   * @param minutes that they take, as its finished siblings tell; NaN where there is none
   */
  public record Row(PlannedRun run, RunStatus status, long steps, long left, double minutes) {}

  /** Looks at the runs' folders below {@code folder}, which need not exist. */
  public static Cost of(List<PlannedRun> runs, Path folder) {
    Map<String, double[]> siblings = new LinkedHashMap<>();
    Map<String, RunSummary> begun = new LinkedHashMap<>();
    for (PlannedRun run : runs) {
      if (Files.exists(folder.resolve(run.name()).resolve("run.json"))) {
        RunSummary summary = RunSummary.read(folder.resolve(run.name()));
        begun.put(run.name(), summary);
        if (summary.status() == RunStatus.FINISHED) {
          for (String kind : kinds(run)) {
            double[] sums = siblings.computeIfAbsent(kind, key -> new double[2]);
            sums[0] += summary.minutes();
            sums[1] += summary.steps();
          }
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    for (PlannedRun run : runs) {
      rows.add(row(run, begun.get(run.name()), siblings));
    }
    return new Cost(rows);
  }

  private static Row row(
      PlannedRun run, @Nullable RunSummary begun, Map<String, double[]> siblings) {
    long steps = run.settings().train().steps();
    RunStatus status = RunStatus.WAITING;
    long left = steps;
    if (begun != null) {
      status = begun.status();
      steps = Math.max(steps, begun.settings().train().steps());
      long done =
          CheckpointFolder.of(begun.path()).latest().map(CheckpointFolder::steps).orElse(0L);
      left = Math.max(0, steps - done);
    }
    double minutes = left == 0 ? 0 : Double.NaN;
    for (String kind : kinds(run)) {
      double[] sums = siblings.get(kind);
      if (Double.isNaN(minutes) && sums != null) {
        minutes = left * sums[0] / sums[1];
      }
    }
    return new Row(run, status, steps, left, minutes);
  }

  /**
   * Who counts as a sibling: runs that differ by seed only, or else of the same task and learner.
   */
  private static List<String> kinds(PlannedRun run) {
    Map<String, String> definition = new LinkedHashMap<>(run.definition());
    definition.remove("train.seed");
    definition.remove("train.steps");
    String learner =
        run.settings().task().id()
            + " "
            + run.settings().train().algorithm()
            + " "
            + run.settings().train().preset();
    return List.of(definition.toString(), learner);
  }

  public long left() {
    return rows.stream().mapToLong(Row::left).sum();
  }

  public long steps() {
    return rows.stream().mapToLong(Row::steps).sum();
  }

  /** Minutes of the runs whose minutes are known, one after the other. */
  public double minutes() {
    return rows.stream().mapToDouble(Row::minutes).filter(Double::isFinite).sum();
  }

  /** Runs whose minutes nothing tells yet. */
  public long unknown() {
    return rows.stream().filter(row -> Double.isNaN(row.minutes())).count();
  }
}
