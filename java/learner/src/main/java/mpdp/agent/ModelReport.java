package mpdp.agent;

/**
 * What one training of the dynamics ensemble did.
 *
 * @param epochs looks at the holdout
 * @param steps gradient steps
 * @param holdoutError mean squared error on the holdout, mean over the elites
 * @param holdoutLoss negative log-likelihood on the holdout, mean over the elites
 */
public record ModelReport(int epochs, int steps, double holdoutError, double holdoutLoss) {
  /** Of an agent without a model. */
  static final ModelReport NONE = new ModelReport(0, 0, Double.NaN, Double.NaN);
}
