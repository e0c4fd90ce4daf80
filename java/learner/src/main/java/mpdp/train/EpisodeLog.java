package mpdp.train;

/**
 * Returns of the training episodes: running ones per environment, finished ones since the last row.
 */
final class EpisodeLog {
  private final double[] running;
  private double finishedSum;
  private long finished;
  private double lastMean = Double.NaN;

  EpisodeLog(int environments) {
    running = new double[environments];
  }

  void add(int environment, double reward, boolean ended) {
    running[environment] += reward;
    if (ended) {
      finishedSum += running[environment];
      finished++;
      running[environment] = 0;
    }
  }

  /** Mean return of the episodes finished since the last call, or the last known one. */
  double drainMean() {
    if (finished > 0) {
      lastMean = finishedSum / finished;
    }
    finishedSum = 0;
    finished = 0;
    return lastMean;
  }

  /** Everything, as numbers. */
  double[] save() {
    double[] state = new double[running.length + 3];
    System.arraycopy(running, 0, state, 0, running.length);
    state[running.length] = finishedSum;
    state[running.length + 1] = finished;
    state[running.length + 2] = lastMean;
    return state;
  }

  void restore(double[] state) {
    System.arraycopy(state, 0, running, 0, running.length);
    finishedSum = state[running.length];
    finished = (long) state[running.length + 1];
    lastMean = state[running.length + 2];
  }
}
