package mpdp.settings;

/** The learners that share the engine; they differ in who makes the states, horizon and tail. */
public enum Algorithm {
  /** Plan through the ensemble, distilled into the first of H plan policies. */
  MPDP,
  /** One step of foresight and no model. */
  SAC
}
