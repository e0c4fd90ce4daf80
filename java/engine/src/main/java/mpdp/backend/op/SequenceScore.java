package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * One step of a fixed batch of rollouts, none of which leaves it: with weight = g^h while a row
 * lives and 0 after its end,
 *
 * <pre>
 * objective += weight reward           (where weight is not 0)
 * dReward    = -weight / rows          the gradient of -(1 / rows) sum objective
 * next       = state                   where weight is 0 or done: an ended row stands still
 * weight     = done ? 0 : weight discount
 * </pre>
 *
 * After the last step weight is the tail's, g^H or 0. {@link RolloutAdvance} is the form that
 * compacts the rows; here they keep their places, and so their members.
 *
 * @param state (rows, states): where the step began
 * @param reward (rows)
 * @param done (rows), 0 or 1
 * @param next (rows, states)
 * @param weight (rows), 1 before the first step
 * @param objective (rows)
 * @param dReward (rows)
 */
public record SequenceScore(
    int rows,
    int states,
    float discount,
    @In Buffer state,
    @In Buffer reward,
    @In Buffer done,
    @InOut Buffer next,
    @InOut Buffer weight,
    @InOut Buffer objective,
    @Out Buffer dReward)
    implements Operation {

  public SequenceScore {
    Operation.need("state", state, (long) rows * states);
    Operation.need("reward", reward, rows);
    Operation.need("done", done, rows);
    Operation.need("next", next, (long) rows * states);
    Operation.need("weight", weight, rows);
    Operation.need("objective", objective, rows);
    Operation.need("dReward", dReward, rows);
  }

  @Override
  public Op op() {
    return Op.SEQUENCE_SCORE;
  }

  @Override
  public double flops() {
    return 4.0 * rows;
  }
}
