package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.app.run.RunFolder;
import mpdp.backend.BackendGroup;
import mpdp.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains agents: one run, several seeds in a row or side by side, or the rest of a run. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    sortOptions = false,
    description = "Trains an agent on a task; Ctrl-C writes a checkpoint and stops.")
final class TrainCommand implements Callable<Integer> {
  private final Learner learner;
  private final PrintWriter out;

  @Mixin private TrainOptions options = new TrainOptions();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs with N seeds in a row, starting at --seed.")
  private int seeds;

  @Option(
      names = "--together",
      description =
          "Trains the N seeds side by side in one process: they share a GPU's launches, or divide the"
              + " CPU's threads.")
  private boolean together;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "The run folder; runs/TASK-ALGORITHM-PRESET-sSEED where left out.")
  private @Nullable Path run;

  @Option(names = "--resume", paramLabel = "DIR", description = "Goes on with a run.")
  private @Nullable Path resume;

  @Option(names = "--dry-run", description = "Prints the settings and the plan; trains nothing.")
  private boolean dryRun;

  @Option(names = "--quiet", description = "Prints warnings and the result only.")
  private boolean quiet;

  TrainCommand(Learner learner, PrintWriter out) {
    this.learner = learner;
    this.out = out;
  }

  @Override
  public Integer call() {
    if (quiet) {
      Logs.quiet();
    }
    return resume == null ? start() : goOn(resume);
  }

  private int start() {
    Settings settings = options.resolve();
    if (seeds < 1) {
      throw new UsageException("--seeds " + seeds + " is out of range; allowed: 1 or more");
    }
    if (together && seeds == 1) {
      throw new UsageException("--together goes with --seeds N, for N of 2 or more");
    }
    if (together && seeds > BackendGroup.MOST_MEMBERS) {
      throw new UsageException(
          "--together takes at most %d seeds, not %d".formatted(BackendGroup.MOST_MEMBERS, seeds));
    }
    learner.check(settings);
    if (dryRun) {
      DryRun.print(settings, seeds, out);
      return 0;
    }
    if (together) {
      return sideBySide(settings);
    }
    TrainingRun training = new TrainingRun(learner, out, quiet);
    for (long i = 0; i < seeds; i++) {
      long seed = settings.train().seed() + i;
      if (!training.start(settings.with("train.seed=" + seed), folder(seed))) {
        return Failures.FAILED;
      }
    }
    return 0;
  }

  /** All seeds at once; the folders are looked at first, so that all start or none. */
  private int sideBySide(Settings settings) {
    long first = settings.train().seed();
    for (int i = 0; i < seeds; i++) {
      Path folder = folder(first + i);
      if (folder != null) {
        RunFolder.refuseUsed(folder);
      }
    }
    AtomicInteger finished = new AtomicInteger();
    learner.together(
        settings,
        seeds,
        (member, i) -> {
          if (startBeside(member, settings, first + i)) {
            finished.incrementAndGet();
          }
        });
    return finished.get() == seeds ? 0 : Failures.FAILED;
  }

  /** One of the seeds; its failure names it. */
  private boolean startBeside(Learner member, Settings settings, long seed) {
    String name = "seed " + seed;
    try {
      return TrainingRun.beside(member, out, quiet, name)
          .start(settings.with("train.seed=" + seed), folder(seed));
    } catch (UsageException failure) {
      throw new UsageException(name + ": " + failure.getMessage(), failure);
    } catch (MpdpException failure) {
      throw new MpdpException(name + ": " + failure.getMessage(), failure);
    }
  }

  private @Nullable Path folder(long seed) {
    return run == null || seeds == 1 ? run : run.resolve("s" + seed);
  }

  private int goOn(Path folder) {
    if (run != null || seeds != 1 || together) {
      throw new UsageException("--resume takes none of --run, --seeds and --together");
    }
    Settings before = RunFolder.settings(folder);
    Settings settings = options.resume(before);
    if (dryRun) {
      DryRun.print(settings, 1, out);
      return 0;
    }
    if (RunFolder.isFinished(folder) && settings.train().steps() <= before.train().steps()) {
      out.printf(
          Locale.ROOT,
          "%s is finished at step %d; --steps N takes it further%n",
          folder,
          before.train().steps());
      return 0;
    }
    return new TrainingRun(learner, out, quiet).resume(settings, folder) ? 0 : Failures.FAILED;
  }
}
