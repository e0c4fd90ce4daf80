package mpdp.rollout;

import mpdp.backend.op.UncertaintyScale;

/**
 * How plans are rolled out and scored.
 *
 * @param rows start states
 * @param horizon longest plan, Hmax
 * @param sharedPolicy one policy for every step instead of one for each
 * @param uncertainty compute u, which takes every member; without it only the elite that answers a
 *     row predicts it, and there must be neither threshold nor penalty
 * @param scale of the uncertainty u
 * @param threshold u_T at which a rollout stops; infinity never stops
 * @param penalty beta, the weight of the uncertainty penalty
 * @param discount g
 */
public record RolloutOptions(
    int rows,
    int horizon,
    boolean sharedPolicy,
    boolean uncertainty,
    UncertaintyScale scale,
    double threshold,
    double penalty,
    double discount) {

  public RolloutOptions {
    if (!uncertainty && (threshold < Double.POSITIVE_INFINITY || penalty != 0)) {
      throw new IllegalArgumentException(
          "plans without an uncertainty need an infinite threshold and no penalty, not %s and %s"
              .formatted(threshold, penalty));
    }
  }
}
