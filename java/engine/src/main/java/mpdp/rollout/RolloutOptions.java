package mpdp.rollout;

import org.jspecify.annotations.Nullable;

/**
 * How states are rolled out, and what a plan is worth.
 *
 * @param rows start states
 * @param horizon most steps of a rollout, Hmax
 * @param sharedPolicy one policy for every step instead of one for each
 * @param uncertainty how far to trust the model, which takes every member; or null: trust it, and
 *     let only the elite that answers a row predict it
 * @param discount g
 */
public record RolloutOptions(
    int rows,
    int horizon,
    boolean sharedPolicy,
    @Nullable UncertaintyOptions uncertainty,
    double discount) {

  public RolloutOptions {
    if (rows < 1 || horizon < 1) {
      throw new IllegalArgumentException(
          "a rollout of %d steps from %d states: at least 1 of both is needed"
              .formatted(horizon, rows));
    }
  }

  /** Policy 0 takes {@code horizon} steps in a model that is trusted. */
  public static RolloutOptions trusting(int rows, int horizon) {
    return new RolloutOptions(rows, horizon, true, null, 1);
  }

  /** The policy that acts in a step. */
  int policy(int step) {
    return sharedPolicy ? 0 : step;
  }

  /** u_T, infinite where nobody computes u. */
  double threshold() {
    return uncertainty == null ? Double.POSITIVE_INFINITY : uncertainty.threshold();
  }

  /** beta. */
  double penalty() {
    return uncertainty == null ? 0 : uncertainty.penalty();
  }
}
