package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import mpdp.UsageException;
import mpdp.app.run.RunFolder;
import mpdp.checkpoint.CheckpointFolder;
import mpdp.plan.Search;
import mpdp.settings.Settings;
import mpdp.train.Evaluation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores the latest checkpoint of a run. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    sortOptions = false,
    description = "Plays episodes with a run's latest checkpoint, without exploration.")
final class EvaluateCommand implements Runnable {
  private final Learner learner;
  private final PrintWriter out;

  @Parameters(paramLabel = "RUN", description = "A run folder.")
  private Path run = Path.of("");

  @Option(names = "--episodes", paramLabel = "N", defaultValue = "10", description = "Episodes.")
  private int episodes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seed of the episodes' first states.")
  private long seed;

  @Option(
      names = "--controller",
      paramLabel = "NAME",
      defaultValue = "policy",
      description = "policy, or plan: search through the model at every step.")
  private String controller = "policy";

  @Option(
      names = "--planner",
      paramLabel = "NAME",
      description = "How plan searches: mppi (default), cem or gradient.")
  private @Nullable String planner;

  @Option(
      names = "--video",
      paramLabel = "FILE.gif",
      description = "Animated GIF of the first episode, in real time.")
  private @Nullable Path video;

  @Option(names = "--json", description = "One JSON object on the last line.")
  private boolean json;

  EvaluateCommand(Learner learner, PrintWriter out) {
    this.learner = learner;
    this.out = out;
  }

  @Override
  public void run() {
    refuse();
    Search search = search();
    if (json) {
      Logs.quiet();
    }
    Settings settings = RunFolder.settings(run);
    Path checkpoint =
        CheckpointFolder.of(run)
            .latest()
            .orElseThrow(
                () ->
                    new UsageException(
                        run + " has no checkpoint yet; wait for its first one or train on"));
    Evaluation score = learner.evaluate(checkpoint, settings, episodes, seed, search, video);
    print(settings, score);
  }

  private void refuse() {
    if (!controller.equals("policy") && !controller.equals("plan")) {
      throw new UsageException("unknown controller " + controller + "; allowed: policy, plan");
    }
    if (video != null && !video.toString().toLowerCase(Locale.ROOT).endsWith(".gif")) {
      throw new UsageException("--video " + video + " is not a .gif; only GIF can be written");
    }
    if (episodes < 1) {
      throw new UsageException("--episodes " + episodes + " is out of range; allowed: 1 or more");
    }
  }

  /** How to plan, or null to act with the policy. */
  private @Nullable Search search() {
    if (controller.equals("plan")) {
      return Search.named(planner == null ? "mppi" : planner);
    }
    if (planner != null) {
      throw new UsageException("--planner " + planner + " goes with --controller plan only");
    }
    return null;
  }

  private void print(Settings settings, Evaluation score) {
    double mean = score.mean();
    double deviation = score.standardDeviation();
    double least = Arrays.stream(score.returns()).min().orElse(Double.NaN);
    double length = Arrays.stream(score.lengths()).average().orElse(Double.NaN);
    if (json) {
      Map<String, @Nullable Object> result = new LinkedHashMap<>();
      result.put("task", settings.task().id());
      result.put("controller", controller);
      result.put("episodes", score.returns().length);
      result.put("return_mean", Json.number(mean));
      result.put("return_std", Json.number(deviation));
      result.put("return_min", Json.number(least));
      result.put("length_mean", Json.number(length));
      result.put("actions_per_s", Json.number(score.actionsPerSecond()));
      out.println(Json.line(result));
    } else {
      out.printf(
          Locale.ROOT,
          "%s, %d episodes: return %.2f +- %.2f (least %.2f), length %.1f, %.0f actions/s%n",
          settings.task().id(),
          score.returns().length,
          mean,
          deviation,
          least,
          length,
          score.actionsPerSecond());
    }
    out.flush();
  }
}
