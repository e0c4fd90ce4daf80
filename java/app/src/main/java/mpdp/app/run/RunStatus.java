package mpdp.app.run;

import java.util.Locale;

/** Where a run stands, as {@code run.json} tells it. */
public enum RunStatus {
  /** Planned by a campaign, and not begun. */
  WAITING,
  /** A process trains. */
  RUNNING,
  /** {@code run.json} says running, and no process does: it was killed. Never written. */
  KILLED,
  /** All steps are done. */
  FINISHED,
  /** An error ended it. */
  FAILED,
  /** Stopped before its last step; a checkpoint was written. */
  INTERRUPTED;

  /** The name in lower case, as files and tables have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
