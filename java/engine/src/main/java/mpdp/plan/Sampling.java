package mpdp.plan;

/**
 * The settings that {@link CrossEntropy} and {@link PathIntegral} come down to.
 *
 * @param candidates sequences in an iteration
 * @param policyTrajectories sequences among them that the policy proposes
 * @param sharpness of the elites' weights, 0 for equal ones
 * @param keepMember particles stay with their member
 * @param valued whether critics value the last state
 */
record Sampling(
    int candidates,
    int horizon,
    int iterations,
    int particles,
    int elites,
    int policyTrajectories,
    double sharpness,
    double momentum,
    double initialDeviation,
    double minDeviation,
    boolean keepMember,
    boolean valued) {

  /** Imagined rollouts in an iteration; row p candidates + c is particle p of candidate c. */
  int rows() {
    return candidates * particles;
  }
}
