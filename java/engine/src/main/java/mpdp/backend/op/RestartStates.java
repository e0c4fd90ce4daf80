package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * Start states of the next update: a rollout that went on past its first step (child >= 0)
 * continues from there, unless it is restarted with probability restart (the uniform of element row
 * at site); all others take a fresh replay state.
 *
 * @param child int32 (rows): of the first step of the rollout, see {@link RolloutAdvance}
 * @param next (rows, states): that step's next states
 * @param fresh (rows, states): replay states
 * @param state (rows, states)
 */
public record RestartStates(
    int rows,
    int states,
    int site,
    float restart,
    @In Buffer child,
    @In Buffer next,
    @In Buffer fresh,
    @In Buffer random,
    @Out Buffer state)
    implements Operation {

  public RestartStates {
    Operation.need("child", child, rows);
    Operation.need("next", next, (long) rows * states);
    Operation.need("fresh", fresh, (long) rows * states);
    Operation.need("random", random, Draws.WORDS);
    Operation.need("state", state, (long) rows * states);
  }

  @Override
  public Op op() {
    return Op.RESTART_STATES;
  }

  @Override
  public double flops() {
    return 0.0;
  }
}
