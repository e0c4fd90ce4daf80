package mpdp.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mpdp.MpdpException;
import mpdp.app.campaign.Campaign;
import mpdp.app.campaign.CampaignRun;
import mpdp.app.campaign.Study;
import mpdp.app.run.Machine;
import mpdp.app.run.RunStatus;
import mpdp.app.run.RunSummary;
import mpdp.app.run.TextTable;
import mpdp.app.sweep.Cost;
import mpdp.app.sweep.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a sweep: what it will cost, a line for each run that starts or ends, and how it ended.
 */
final class SweepReport implements Progress {
  private static final int NAMED = 3;

  private final PrintWriter out;
  private final int jobs;
  private List<CampaignRun> runs = List.of();

  SweepReport(PrintWriter out, int jobs) {
    this.out = out;
    this.jobs = jobs;
  }

  /** Prints the runs with what they cost, and the sums. */
  void print(Cost cost, @Nullable Study study) {
    TextTable table = new TextTable("run", "status", "steps", "left", "minutes left");
    for (Cost.Row row : cost.rows()) {
      table.row(
          row.run().name(),
          row.status().word(),
          Long.toString(row.steps()),
          Long.toString(row.left()),
          TextTable.number(row.minutes(), 1));
    }
    table.print(out);
    out.printf(
        Locale.ROOT,
        "%,d runs, %,d of %,d steps left",
        cost.rows().size(),
        cost.left(),
        cost.steps());
    if (cost.unknown() < cost.rows().size()) {
      out.printf(
          Locale.ROOT,
          "; %.1f minutes one after the other, %.1f with %d side by side",
          cost.minutes(),
          cost.minutes() / Math.min(jobs, cost.rows().size()),
          jobs);
    }
    out.println();
    if (cost.unknown() > 0) {
      out.printf(
          Locale.ROOT, "minutes of %,d runs: no finished sibling tells them%n", cost.unknown());
    }
    for (int rung = 1; study != null && rung < study.rungs().size(); rung++) {
      out.printf(
          Locale.ROOT,
          "then the best %d of %d trials go on to step %,d%n",
          study.trialsOn(rung),
          study.trialsOn(rung - 1),
          study.rungs().get(rung));
    }
    out.flush();
  }

  /** Says what there is to do, and whether another build began it. */
  void begin(Campaign campaign) {
    runs = campaign.runs();
    String commit = Machine.commit();
    if (!campaign.commit().equals(commit)) {
      out.printf(
          "begun by the build of commit %s, goes on with %s: results may differ between them%n",
          campaign.commit(), commit);
    }
    tell("begin", campaign.folder().toString());
  }

  @Override
  public void started(CampaignRun run) {
    tell("started", run.name());
  }

  @Override
  public void ended(CampaignRun run) {
    RunSummary summary = RunSummary.read(run.folder());
    String more =
        summary.status() == RunStatus.FINISHED
            ? String.format(
                Locale.ROOT,
                "return %.4g, %.1f minutes",
                summary.lastEvaluation(),
                summary.minutes())
            : summary.status() == RunStatus.FAILED ? summary.error() : "at step " + run.steps();
    tell(summary.status().word(), run.name() + ": " + more);
  }

  private void tell(String verb, String what) {
    long finished = runs.stream().filter(run -> run.status() == RunStatus.FINISHED).count();
    out.printf(Locale.ROOT, "%d/%d  %s %s%n", finished, runs.size(), verb, what);
    out.flush();
  }

  /**
   * The exit code of a sweep that did all it could.
   *
   * @throws MpdpException naming runs that failed, or were killed again and again
   */
  int end() {
    List<String> failed = new ArrayList<>();
    List<String> unfinished = new ArrayList<>();
    for (CampaignRun run : runs) {
      RunStatus status = run.status();
      if (status == RunStatus.FAILED) {
        failed.add(run.name() + " (" + RunSummary.read(run.folder()).error() + ")");
      } else if (status != RunStatus.FINISHED) {
        unfinished.add(run.name());
      }
    }
    if (!failed.isEmpty()) {
      throw new MpdpException(
          "%d of %d runs failed: %s; --retry goes on with them"
              .formatted(failed.size(), runs.size(), some(failed)));
    }
    if (!unfinished.isEmpty()) {
      throw new MpdpException(
          "%d of %d runs have not ended: %s; the same command goes on with them"
              .formatted(unfinished.size(), runs.size(), some(unfinished)));
    }
    return 0;
  }

  private static String some(List<String> names) {
    String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + more;
  }
}
