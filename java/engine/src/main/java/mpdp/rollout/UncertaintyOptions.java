package mpdp.rollout;

import mpdp.backend.op.UncertaintyScale;

/**
 * How far rollouts trust the ensemble, by the uncertainty u: how much its members disagree.
 *
 * @param scale of u
 * @param threshold u_T at which a rollout stops; infinity never stops
 * @param penalty beta, the weight of the uncertainty penalty
 */
public record UncertaintyOptions(UncertaintyScale scale, double threshold, double penalty) {}
