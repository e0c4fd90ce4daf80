package mpdp.app.compare;

import mpdp.app.run.Curve;
import mpdp.app.run.RunSummary;

/**
 * What one run achieved up to a number of environment steps.
 *
 * @param run the run
 * @param stratum what else than group and seed tells it from the others; the task, at least
 * @param value the last evaluation up to there
 * @param area mean height of the evaluation curve up to there
 */
record Score(RunSummary run, String stratum, double value, double area) {
  /** The score of a run; its values are NaN if it has not come that far, or has no evaluation. */
  static Score of(RunSummary run, String stratum, long steps) {
    Curve curve = run.evaluations();
    boolean there = run.steps() >= steps && !curve.isEmpty() && curve.x()[0] <= steps;
    return there
        ? new Score(run, stratum, curve.values()[curve.before(steps)], area(curve, steps))
        : new Score(run, stratum, Double.NaN, Double.NaN);
  }

  boolean counts() {
    return !Double.isNaN(value);
  }

  /**
   * The area under the curve from step 0, divided by the steps: trapezoids between evaluations, the
   * first one's height before it, the last one's after it.
   */
  static double area(Curve curve, long steps) {
    int last = curve.before(steps);
    double[] x = curve.x();
    double[] y = curve.values();
    double sum = x[0] * y[0];
    for (int i = 1; i <= last; i++) {
      sum += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
    }
    sum += (steps - x[last]) * y[last];
    return sum / steps;
  }
}
