package mpdp.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import mpdp.MpdpException;
import mpdp.app.campaign.CampaignRun;
import mpdp.app.run.BusyException;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;
import mpdp.app.sweep.Executor;
import mpdp.settings.Settings;

/** Trains one run of a campaign in this process, from its latest checkpoint if it has one. */
final class RunOne {
  /** What a process ends with that SIGTERM ends. */
  private static final int TERMINATED = 143;

  private final Learner learner;
  private final PrintWriter out;

  RunOne(Learner learner, PrintWriter out) {
    this.learner = learner;
    this.out = out;
  }

  /**
   * Trains; the folder tells of a failure, whatever failed.
   *
   * @param threads of the CPU in place of the settings' own, or 0
   * @return the process's exit code
   */
  int train(CampaignRun run, int threads) {
    if (run.status() == RunStatus.FINISHED) {
      out.println(run.folder() + " is finished");
      return 0;
    }
    Settings own = run.settings();
    Settings settings = threads == 0 ? own : own.with("train.threads=" + threads);
    try {
      return new TrainingRun(learner, out, false).resume(settings, run.folder())
          ? 0
          : Failures.FAILED;
    } catch (BusyException busy) {
      out.println("mpdp: " + busy.getMessage());
      return Executor.BUSY;
    } catch (RuntimeException | Error failure) {
      note(run, own, failure);
      throw failure;
    }
  }

  /** Notes a failure before the first step too, such as a back end that does not open. */
  private static void note(CampaignRun run, Settings settings, Throwable failure) {
    try (RunFolder folder = RunFolder.resume(run.folder(), settings)) {
      folder.fail(String.valueOf(failure.getMessage()));
    } catch (MpdpException second) {
      failure.addSuppressed(second);
    }
  }

  /**
   * Stops this process, with a checkpoint, when its standard input ends: when the process that
   * started it has died.
   */
  static void tie(InputStream input) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (input.read() >= 0) {}
              } catch (IOException e) {
                // As good as its end.
              }
              System.exit(TERMINATED);
            },
            "tie");
    watch.setDaemon(true);
    watch.start();
  }
}
