package mpdp.app;

import java.io.PrintWriter;
import java.util.Locale;
import mpdp.env.TaskOptions;
import mpdp.env.TaskSpec;
import mpdp.env.Tasks;
import mpdp.settings.Settings;
import picocli.CommandLine.Command;

/** Lists the tasks. */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    description = "Lists the built-in tasks, as the presets train on them.")
final class TasksCommand implements Runnable {
  private static final String ROW = "%-20s %12s %8s %8s %13s%n";

  private final PrintWriter out;

  TasksCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void run() {
    boolean truncated = Settings.defaults().task().truncatedObservations();
    out.printf(ROW, "task", "observations", "actions", "steps", "may end early");
    for (String id : Tasks.names()) {
      TaskSpec spec = Tasks.spec(id, new TaskOptions(truncated, false, 0));
      out.printf(
          Locale.ROOT,
          ROW,
          id,
          spec.observationSize(),
          spec.actionSize(),
          spec.maxEpisodeSteps(),
          spec.terminates() ? "yes" : "no");
    }
    out.flush();
  }
}
