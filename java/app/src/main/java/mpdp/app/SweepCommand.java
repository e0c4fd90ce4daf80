package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import mpdp.UsageException;
import mpdp.app.campaign.Campaign;
import mpdp.app.campaign.CampaignFile;
import mpdp.app.campaign.PlannedRun;
import mpdp.app.campaign.Registration;
import mpdp.app.run.FolderLock;
import mpdp.app.sweep.Cores;
import mpdp.app.sweep.Cost;
import mpdp.app.sweep.Executor;
import mpdp.app.sweep.LocalExecutor;
import mpdp.app.sweep.Sweep;
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
  private static final List<String> EXECUTORS = List.of("local");

  private final Learner learner;
  private final PrintWriter out;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE.toml",
      description = "Which runs; left out, the file that the folder was last given.")
  private @Nullable Path file;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The campaign's folder: all of its state, and a folder for each run.")
  private Path folder = Path.of("");

  @Option(
      names = "--executor",
      paramLabel = "NAME",
      defaultValue = "local",
      description = "local (the default): this machine.")
  private String executor = "local";

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Runs side by side; as many as --threads leaves cores for where left out.")
  private @Nullable Integer jobs;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads of each run; its share of the cores where left out.")
  private @Nullable Integer threads;

  @Option(names = "--retry", description = "Goes on with runs that failed, too.")
  private boolean retry;

  @Option(names = "--dry-run", description = "Prints the runs and their cost; trains nothing.")
  private boolean dryRun;

  @Option(names = "--status", description = "Prints how the folder's runs stand; trains nothing.")
  private boolean status;

  @Option(
      names = "--run-one",
      paramLabel = "NUMBER",
      description = "Trains one run of the folder in this process: what executors start.")
  private @Nullable Integer one;

  @Option(
      names = "--tied",
      hidden = true,
      description = "Checkpoints and stops when standard input ends.")
  private boolean tied;

  SweepCommand(Learner learner, PrintWriter out) {
    this.learner = learner;
    this.out = out;
  }

  @Override
  public Integer call() {
    refuse();
    if (one != null) {
      if (tied) {
        RunOne.tie(System.in);
      }
      return new RunOne(learner, out)
          .train(Campaign.open(folder).run(one), threads == null ? 0 : threads);
    }
    CampaignFile definition = CampaignFile.read(file != null ? file : Campaign.open(folder).file());
    if (threads != null && definition.names("train.threads")) {
      throw new UsageException(definition.path() + " names threads; leave out --threads");
    }
    SweepReport report = new SweepReport(out, jobs(definition));
    List<PlannedRun> planned = definition.runs();
    if (dryRun || status) {
      Registration registration = new Registration(folder, definition);
      if (Campaign.isAt(folder)) {
        registration.check(Campaign.open(folder));
      }
      report.print(Cost.of(planned, folder), definition.study());
      return 0;
    }
    check(planned);
    return sweep(definition, report);
  }

  private void refuse() {
    if (jobs != null && jobs < 1) {
      throw new UsageException("--jobs " + jobs + " is out of range; allowed: 1 or more");
    }
    if (threads != null && threads < 1) {
      throw new UsageException("--threads " + threads + " is out of range; allowed: 1 or more");
    }
    if (!EXECUTORS.contains(executor)) {
      throw new UsageException(
          "unknown executor " + executor + "; allowed: " + String.join(", ", EXECUTORS));
    }
  }

  /** Every kind of run once, so that a mistake is told before anything is written. */
  private void check(List<PlannedRun> planned) {
    Set<Object> seen = new HashSet<>();
    for (PlannedRun run : planned) {
      var train = run.settings().train();
      if (seen.add(List.of(run.settings().task(), train.backend(), train.device()))) {
        learner.check(run.settings());
      }
    }
  }

  private int sweep(CampaignFile definition, SweepReport report) {
    Registration registration = new Registration(folder, definition);
    try (FolderLock ignored = Campaign.lock(folder)) {
      Campaign campaign = registration.write();
      report.begin(campaign);
      Executor local = new LocalExecutor(jobs(definition), threads(definition), report);
      Sweep sweep = new Sweep(campaign, definition, local);
      if (retry) {
        sweep.retry();
      }
      try (StopSignal signal = new StopSignal(local::stop)) {
        sweep.run();
      }
      return report.end();
    }
  }

  private int jobs(CampaignFile definition) {
    return jobs != null
        ? jobs
        : Math.max(1, Cores.available().numbers().size() / Math.max(1, threads(definition)));
  }

  /** Threads of a run, 0 where the file says them; one each where neither option is given. */
  private int threads(CampaignFile definition) {
    if (threads != null || definition.names("train.threads")) {
      return threads == null ? 0 : threads;
    }
    return jobs == null ? 1 : Math.max(1, Cores.available().numbers().size() / jobs);
  }
}
