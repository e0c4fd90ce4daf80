package mpdp.backend.op;

/** What a tape is kept for; the ordinal is what native code receives. */
public enum TapeUse {
  /** Every gradient. */
  ALL,
  /**
   * Gradients by inputs alone. A back end may leave h of SiLU layers out, whose words are then
   * undefined: only gradients of weights need it.
   */
  INPUTS
}
