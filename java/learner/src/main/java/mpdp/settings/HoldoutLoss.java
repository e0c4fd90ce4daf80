package mpdp.settings;

/** What decides on the holdout when the ensemble's training stops and who the elites are. */
public enum HoldoutLoss {
  /** Mean squared error of the predicted means: the variances may grow overconfident. */
  MSE,
  /** Negative log-likelihood, what training minimises: keeps the variances honest. */
  NLL
}
