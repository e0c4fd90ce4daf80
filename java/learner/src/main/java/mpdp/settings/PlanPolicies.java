package mpdp.settings;

/** Whether the H steps of a plan own a network each. */
public enum PlanPolicies {
  /** One network for each step: what the improvement theorem covers. */
  SEPARATE,
  /** One network for all steps: cheaper, not covered by the theorem. */
  SHARED
}
