package mpdp.app.run;

/** Where a run stands, as {@code run.json} tells it. */
public enum RunStatus {
  /** A process trains, or was killed while it did. */
  RUNNING,
  /** All steps are done. */
  FINISHED,
  /** An error ended it. */
  FAILED,
  /** A person stopped it; a checkpoint was written. */
  INTERRUPTED
}
