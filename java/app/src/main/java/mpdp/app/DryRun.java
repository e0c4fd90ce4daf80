package mpdp.app;

import java.io.PrintWriter;
import java.util.Locale;
import mpdp.settings.Settings;
import mpdp.settings.SettingsLoader;
import mpdp.settings.TrainSettings;

/** Prints what a run would do. */
final class DryRun {
  private DryRun() {}

  /** The settings as a configuration file, with the amount of work as comments below. */
  static void print(Settings settings, int seeds, PrintWriter out) {
    TrainSettings train = settings.train();
    long learning = Math.max(0, train.steps() - train.randomSteps());
    out.print(SettingsLoader.toToml(settings));
    out.println();
    line(out, "runs", seeds);
    line(out, "environment steps", train.steps());
    line(out, "of these with random actions", Math.min(train.steps(), train.randomSteps()));
    line(out, "gradient updates", Math.round(learning * train.updatesPerStep()));
    line(out, "trainings of the ensemble", learning / settings.model().interval());
    line(out, "evaluations", 1 + every(train.steps() - 1, train.evaluationInterval()));
    line(out, "checkpoints", 1 + every(train.steps() - 1, train.checkpointInterval()));
    out.printf("# run folder: %s%n", TrainingRun.defaultFolder(settings));
    out.flush();
  }

  private static long every(long steps, long interval) {
    return interval == 0 ? 0 : steps / interval;
  }

  private static void line(PrintWriter out, String what, long count) {
    out.printf(Locale.ROOT, "# %s: %,d%n", what, count);
  }
}
