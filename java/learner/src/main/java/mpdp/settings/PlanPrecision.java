package mpdp.settings;

/** What the ensemble's predictions in plans are computed in. */
public enum PlanPrecision {
  FP32,
  /** Products of values rounded to bfloat16, summed in float32. */
  BF16
}
