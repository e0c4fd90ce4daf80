package mpdp.train;

import mpdp.tensor.StateVisitor;

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

  /** Visits everything. */
  void visit(StateVisitor visitor) {
    visitor.doubles("running", running);
    double[] sums = {finishedSum, lastMean};
    visitor.doubles("sums", sums);
    finishedSum = sums[0];
    lastMean = sums[1];
    visitor.number("finished", () -> finished, count -> finished = count);
  }
}
