package mpdp.backend.op;

/** The scale of the uncertainty, its threshold and its penalty; see {@link Disagreement}. */
public enum UncertaintyScale {
  LOG,
  RAW
}
