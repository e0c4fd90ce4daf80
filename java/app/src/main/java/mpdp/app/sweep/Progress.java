package mpdp.app.sweep;

import mpdp.app.campaign.CampaignRun;

/** Hears of the runs that an executor starts and sees end. */
public interface Progress {
  /** A process begins the run, or goes on with it. */
  void started(CampaignRun run);

  /** The run's process has ended; its folder tells how. */
  void ended(CampaignRun run);
}
