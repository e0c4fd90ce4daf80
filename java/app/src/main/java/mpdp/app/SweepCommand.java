package mpdp.app;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import mpdp.app.campaign.Campaign;
import mpdp.app.campaign.CampaignFile;
import mpdp.app.campaign.CampaignRun;
import mpdp.app.campaign.Executor;
import mpdp.app.campaign.LocalExecutor;
import mpdp.app.campaign.Progress;
import mpdp.app.campaign.Registration;
import mpdp.app.run.FolderLock;
import mpdp.app.run.RunStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains the runs of a campaign's file, and goes on with those that were stopped or killed. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    sortOptions = false,
    description = "Trains many runs from one file; called again, it goes on (docs/campaigns.md).")
final class SweepCommand implements Callable<Integer> {
  private final Learner learner;
  private final PrintWriter out;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE.toml",
      description = "Which runs; left out, the one that the folder was last given.")
  private @Nullable Path file;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The campaign's folder: all of its state, and a folder for each run.")
  private Path folder = Path.of("");

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Runs side by side; as many as the threads of each leave room for.")
  private @Nullable Integer jobs;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads of each run, pinned; an equal share where left out.")
  private @Nullable Integer threads;

  @Option(
      names = "--run-one",
      paramLabel = "NUMBER",
      description = "Trains one run of the folder in this process; what executors start.")
  private @Nullable Integer one;

  @Option(names = "--tied", hidden = true)
  private boolean tied;

  SweepCommand(Learner learner, PrintWriter out) {
    this.learner = learner;
    this.out = out;
  }

  @Override
  public Integer call() {
    if (one != null) {
      if (tied) {
        RunOne.tie(System.in);
      }
      return new RunOne(learner, out)
          .train(Campaign.open(folder).run(one), threads == null ? 0 : threads);
    }
    CampaignFile definition = CampaignFile.read(requireNonNull(file));
    Registration registration = new Registration(folder, definition);
    try (FolderLock lock = Campaign.lock(folder)) {
      Campaign campaign = registration.write();
      List<CampaignRun> unfinished = new ArrayList<>();
      for (CampaignRun run : campaign.runs()) {
        if (run.status() != RunStatus.FINISHED) {
          unfinished.add(run);
        }
      }
      Executor executor =
          new LocalExecutor(jobs == null ? 1 : jobs, threads == null ? 0 : threads, progress());
      boolean ended;
      try (StopSignal signal = new StopSignal(executor::stop)) {
        ended = executor.execute(campaign, unfinished);
      }
      return ended ? 0 : Failures.FAILED;
    }
  }

  private Progress progress() {
    return new Progress() {
      @Override
      public void started(CampaignRun run) {
        out.println("started " + run.name());
      }

      @Override
      public void ended(CampaignRun run) {
        out.println(run.status().word() + " " + run.name());
      }
    };
  }
}
