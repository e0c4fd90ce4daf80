package mpdp.settings;

/** The scale on which the ensemble's disagreement is compared with its threshold. */
public enum UncertaintyScale {
  /** u = log(mean over members and dimensions of the KL + 1e-8). */
  LOG,
  /** u = sum over members of the KL, never negative. */
  RAW
}
