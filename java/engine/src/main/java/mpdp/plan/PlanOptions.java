package mpdp.plan;

import mpdp.backend.op.UncertaintyScale;

/**
 * How plans are rolled out and scored.
 *
 * @param rows start states
 * @param horizon longest plan, Hmax
 * @param sharedPolicy one policy for every step instead of one for each
 * @param scale of the uncertainty u
 * @param threshold u_T at which a rollout stops; infinity never stops
 * @param penalty beta, the weight of the uncertainty penalty
 * @param discount g
 */
public record PlanOptions(
    int rows,
    int horizon,
    boolean sharedPolicy,
    UncertaintyScale scale,
    double threshold,
    double penalty,
    double discount) {}
