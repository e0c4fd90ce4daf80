package mpdp.app.sweep;

import java.util.List;
import mpdp.app.campaign.Campaign;
import mpdp.app.campaign.CampaignRun;

/** Has the runs of a campaign run somewhere: on this machine, or on a cluster. */
public interface Executor {
  /** Exit code of a run's process that found another one in its folder. */
  int BUSY = 75;

  /**
   * Has runs trained to their last steps, each by a process that does {@code mpdp sweep --out DIR
   * --run-one NUMBER}. How a run ended is read from its folder, never from here.
   *
   * @param runs in the order to begin them; none of them is finished
   * @return whether all of them were seen to end; false where they go on elsewhere or {@link #stop}
   *     was called
   */
  boolean execute(Campaign campaign, List<CampaignRun> runs);

  /**
   * Asks what {@link #execute} waits for to checkpoint and end, and starts nothing more; from any
   * thread. {@code execute} returns once all have ended.
   */
  void stop();
}
