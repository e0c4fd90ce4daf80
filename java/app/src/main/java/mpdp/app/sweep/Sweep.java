package mpdp.app.sweep;

import java.util.List;
import mpdp.app.campaign.Campaign;
import mpdp.app.campaign.CampaignFile;
import mpdp.app.campaign.CampaignRun;
import mpdp.app.campaign.Study;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;

/**
 * Has an executor run what is due in a campaign, until nothing is. What is due is read from the run
 * folders each time, so that a sweep that was killed goes on where it stood.
 */
public final class Sweep {
  private final Campaign campaign;
  private final CampaignFile file;
  private final Executor executor;

  public Sweep(Campaign campaign, CampaignFile file, Executor executor) {
    this.campaign = campaign;
    this.file = file;
    this.executor = executor;
  }

  /** Makes failed runs due again. */
  public void retry() {
    for (CampaignRun run : campaign.runs()) {
      if (run.status() == RunStatus.FAILED) {
        RunFolder.extend(run.folder(), run.settings().train().steps());
      }
    }
  }

  /** Runs what is due; a run that fails does not stop the others. */
  public void run() {
    Study study = file.study();
    Trials trials = study == null ? null : new Trials(campaign, file);
    List<CampaignRun> due;
    do {
      due = trials == null ? campaign.runs() : trials.due();
      due = due.stream().filter(run -> !isOver(run)).toList();
    } while (!due.isEmpty()
        && executor.execute(campaign, due)
        && due.stream().allMatch(Sweep::isOver));
    if (trials != null) {
      StudyTable.write(trials, campaign.folder().resolve("study.csv"));
    }
  }

  /** Whether a run has ended for good: at its last step, or by a failure of its own. */
  static boolean isOver(CampaignRun run) {
    RunStatus status = run.status();
    return status == RunStatus.FINISHED || status == RunStatus.FAILED;
  }
}
