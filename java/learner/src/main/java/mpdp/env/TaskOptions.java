package mpdp.env;

/**
 * How a task is set up.
 *
 * @param truncatedObservations for Ant and Humanoid: positions and velocities only (27 and 45
 *     numbers), with the rewards of the model-based papers; other tasks have no such form
 * @param gymnasiumMargins leave contact margins as MuJoCo 3.5 and later read them (their sum), as
 *     Gymnasium does there; otherwise contacts are the same on every version
 * @param maxEpisodeSteps the time limit in steps, or 0 for the task's own
 */
public record TaskOptions(
    boolean truncatedObservations, boolean gymnasiumMargins, int maxEpisodeSteps) {

  /** Whole observations, the same contacts on every MuJoCo, the task's own time limit. */
  public static TaskOptions defaults() {
    return new TaskOptions(false, false, 0);
  }
}
