package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Samples next states and rewards from one random elite member per row.
 *
 * <p>heads (members, rows, 2D) with D = states + 1 (state change, reward) and bounds as in {@link
 * GaussianNll}. chosen = elites[floor(uniform eliteCount)] with the uniform of element r at site;
 * eps[row, d] ~ N(0, 1) is the normal of element r D + d at site + 1 (see {@link Draws}). With z =
 * mean + noise exp(lv / 2) eps of the chosen member: next_j = s_j + outputMean_j + outputScale_j
 * z_j, reward = outputMean_S + outputScale_S z_S.
 *
 * <p>Where {@code place} is given, the heads of row i are at place[i]: ROUTED rows have one head
 * each, so they are an ensemble of one.
 *
 * <p>Draws are numbered by root: r = root[row], or row where root is null, so that what a rollout
 * draws does not depend on which others have stopped.
 *
 * @param noise 1 to sample, 0 for the mean
 * @param elites int32 (eliteCount): member indices
 * @param random the random state, see {@link Draws}
 * @param root int32 (rows): the start state of each row, or null: row i is root i
 * @param place int32 (rows), see {@link RouteRows}, or null: row i is at i
 * @param chosen int32 (rows)
 * @param eps (rows, D), kept for the backward pass
 */
public record TransitionSample(
    int members,
    int rows,
    int states,
    int eliteCount,
    int site,
    float noise,
    @In Buffer heads,
    @In Buffer bounds,
    @In Buffer outputMean,
    @In Buffer outputScale,
    @In Buffer state,
    @In Buffer elites,
    @In Buffer random,
    @In @Nullable Buffer count,
    @In @Nullable Buffer root,
    @In @Nullable Buffer place,
    @Out Buffer next,
    @Out Buffer reward,
    @Out Buffer chosen,
    @Out Buffer eps)
    implements Operation {

  public TransitionSample {
    Operation.need("heads", heads, 2L * members * rows * (states + 1));
    Operation.need("bounds", bounds, 2L * (states + 1));
    Operation.need("outputMean", outputMean, states + 1);
    Operation.need("outputScale", outputScale, states + 1);
    Operation.need("state", state, (long) rows * states);
    Operation.need("elites", elites, eliteCount);
    Operation.need("random", random, Draws.WORDS);
    Operation.need("count", count, 1);
    Operation.need("root", root, rows);
    Operation.need("place", place, rows);
    Operation.need("next", next, (long) rows * states);
    Operation.need("reward", reward, rows);
    Operation.need("chosen", chosen, rows);
    Operation.need("eps", eps, (long) rows * (states + 1));
  }

  @Override
  public Op op() {
    return Op.TRANSITION_SAMPLE;
  }

  @Override
  public double flops() {
    return 30.0 * rows * (states + 1);
  }
}
