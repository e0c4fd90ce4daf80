package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import mpdp.MpdpException;
import mpdp.app.plot.RunPlot;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;
import mpdp.checkpoint.CheckpointFolder;
import mpdp.settings.Settings;
import org.jspecify.annotations.Nullable;

/** Trains in a run folder and leaves it telling how that ended, whatever happens. */
final class TrainingRun {
  private static final System.Logger LOG = System.getLogger(TrainingRun.class.getName());

  private final Learner learner;
  private final PrintWriter out;
  private final boolean quiet;
  private final String name;

  TrainingRun(Learner learner, PrintWriter out, boolean quiet) {
    this(learner, out, quiet, "");
  }

  private TrainingRun(Learner learner, PrintWriter out, boolean quiet, String name) {
    this.learner = learner;
    this.out = out;
    this.quiet = quiet;
    this.name = name;
  }

  /**
   * One of several at a time: {@code name} begins its lines, and its thread's lines are its log.
   */
  static TrainingRun beside(Learner learner, PrintWriter out, boolean quiet, String name) {
    return new TrainingRun(learner, out, quiet, name);
  }

  /** Where a run goes that was given no folder; a number is appended where that one is taken. */
  static Path defaultFolder(Settings settings) {
    String task = Path.of(settings.task().id()).getFileName().toString().replace(".toml", "");
    String algorithm = settings.train().algorithm().name().toLowerCase(Locale.ROOT);
    String preset = settings.train().preset();
    return Path.of("runs", task + "-" + algorithm + "-" + preset + "-s" + settings.train().seed());
  }

  /** Starts a new run; returns whether it reached its last step. */
  boolean start(Settings settings, @Nullable Path folder) {
    if (folder != null) {
      RunFolder.refuseUsed(folder);
    }
    Recorder recorder = new Recorder(Display.choose(settings, out, quiet, name));
    try (recorder;
        Learner.Session session = learner.open(settings, recorder);
        RunFolder run =
            folder != null
                ? RunFolder.create(folder, settings, session.backend())
                : RunFolder.createFree(defaultFolder(settings), settings, session.backend())) {
      return train(run, session, recorder, null);
    }
  }

  /** Goes on with a run from its latest checkpoint, or from the start where it has none yet. */
  boolean resume(Settings settings, Path folder) {
    Recorder recorder = new Recorder(Display.choose(settings, out, quiet, name));
    try (recorder;
        RunFolder run = RunFolder.resume(folder, settings);
        Learner.Session session = learner.open(settings, recorder)) {
      Path checkpoint = CheckpointFolder.of(folder).latest().orElse(null);
      if (checkpoint != null) {
        session.restore(checkpoint);
      }
      run.begin(session.backend());
      return train(run, session, recorder, checkpoint);
    }
  }

  private boolean train(
      RunFolder run, Learner.Session session, Recorder recorder, @Nullable Path checkpoint) {
    long first = checkpoint == null ? 0 : CheckpointFolder.steps(checkpoint);
    try (var log = Logs.toFile(run.path().resolve("log.txt"), !name.isEmpty());
        StopSignal signal = new StopSignal(session::stop)) {
      // Inside the signal's scope: the process must not end before the folder tells the outcome.
      try {
        recorder.attach(run, first);
        LOG.log(
            System.Logger.Level.INFO, run.path() + ": step " + first + ", " + session.backend());
        session.run(run.checkpoints());
        recorder.detach();
        end(run, signal.isRaised());
      } catch (RuntimeException | Error failure) {
        recordFailure(run, failure);
        throw failure;
      }
      return !signal.isRaised();
    }
  }

  private void end(RunFolder run, boolean interrupted) {
    run.end(interrupted ? RunStatus.INTERRUPTED : RunStatus.FINISHED);
    if (!interrupted) {
      plot(run.path());
    }
    long step = CheckpointFolder.of(run.path()).latest().map(CheckpointFolder::steps).orElse(0L);
    String verb = interrupted ? "interrupted" : "finished";
    out.printf(Locale.ROOT, "%s at step %d: %s%n", verb, step, run.path());
    out.flush();
  }

  /** The folder tells of the failure too, if it can still be written. */
  private static void recordFailure(RunFolder run, Throwable failure) {
    try {
      run.fail(String.valueOf(failure.getMessage()));
    } catch (MpdpException second) {
      failure.addSuppressed(second);
    }
  }

  /** A run without a picture is still a run, whatever kept it from being drawn. */
  private static void plot(Path folder) {
    try {
      RunPlot.write(List.of(folder), folder.resolve("plots").resolve("curves.png"));
    } catch (RuntimeException | Error failure) {
      String why = failure instanceof MpdpException ? failure.getMessage() : failure.toString();
      LOG.log(System.Logger.Level.WARNING, "no plot: " + why);
    }
  }
}
