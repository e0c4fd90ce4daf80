package mpdp.app.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.settings.SettingKey;
import mpdp.settings.SettingValue;
import mpdp.settings.Settings;
import mpdp.settings.SettingsLoader;

/**
 * What a run's folder tells of it.
 *
 * @param path the folder
 * @param settings of the run
 * @param status where it stands now
 * @param variant a campaign's name for what the run tries, or ""
 * @param error what ended it, or ""
 * @param commit of the program that trained it last
 * @param metrics what it recorded, without rows where it recorded nothing yet
 */
public record RunSummary(
    Path path,
    Settings settings,
    RunStatus status,
    String variant,
    String error,
    String commit,
    MetricsTable metrics) {
  private static final String EVALUATION = "eval_return";

  /** What {@link #value} takes besides keys of the configuration. */
  private static final List<String> NAMES =
      List.of("task", "algorithm", "preset", "variant", "seed", "status", "commit", "folder");

  /**
   * Reads a folder.
   *
   * @throws mpdp.MpdpException with one line, if it is no run folder or a file of it is damaged
   */
  public static RunSummary read(Path folder) {
    Settings settings = RunFolder.settings(folder);
    RunInfo info = RunInfo.read(folder.resolve("run.json"));
    Path metrics = folder.resolve("metrics.csv");
    return new RunSummary(
        folder,
        settings,
        RunFolder.status(folder),
        info.get("variant").toString(),
        info.get("error").toString(),
        info.get("commit").toString(),
        Files.exists(metrics) ? MetricsTable.read(metrics) : MetricsTable.EMPTY);
  }

  /** Environment steps of the last row that was recorded. */
  public long steps() {
    double[] steps = metrics.column(MetricsFile.STEPS);
    return steps.length == 0 ? 0 : (long) steps[steps.length - 1];
  }

  /** Minutes of training, without those between a kill and a resume. */
  public double minutes() {
    return largest(metrics.column(MetricsFile.WALL)) / 60;
  }

  /** The evaluations over environment steps. */
  public Curve evaluations() {
    return Curve.of(metrics, EVALUATION);
  }

  /** The evaluations over minutes of training. */
  public Curve evaluationsOverMinutes() {
    return Curve.overMinutes(metrics, EVALUATION);
  }

  /** The last evaluation's mean return, NaN where there is none. */
  public double lastEvaluation() {
    double[] values = evaluations().values();
    return values.length == 0 ? Double.NaN : values[values.length - 1];
  }

  /** The best evaluation's mean return, NaN where there is none. */
  public double bestEvaluation() {
    return Arrays.stream(evaluations().values()).max().orElse(Double.NaN);
  }

  public String task() {
    return settings.task().id();
  }

  public String algorithm() {
    return settings.train().algorithm().name().toLowerCase(Locale.ROOT);
  }

  public String preset() {
    return settings.train().preset();
  }

  public long seed() {
    return settings.train().seed();
  }

  /**
   * A property as text: task, algorithm, preset, variant, seed, status, commit, folder (that the
   * run lies in) or a key such as {@code agent.batch}.
   *
   * @throws UsageException if there is no such property; the message names the nearest one
   */
  public String value(String key) {
    return switch (key) {
      case "task" -> task();
      case "algorithm" -> algorithm();
      case "preset" -> preset();
      case "variant" -> variant;
      case "seed" -> Long.toString(seed());
      case "status" -> status.word();
      case "commit" -> commit;
      case "folder" -> String.valueOf(path.getParent());
      default -> setting(key);
    };
  }

  private String setting(String key) {
    Object value = SettingsLoader.values(settings).get(key);
    if (value == null) {
      List<String> known = new ArrayList<>(NAMES);
      known.addAll(SettingKey.all().keySet());
      throw new UsageException(
          "unknown key " + key + " of runs; the nearest is " + Nearest.to(key, known));
    }
    return value instanceof String text ? text : SettingValue.toToml(value).replace("\"", "");
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).max().orElse(0);
  }
}
