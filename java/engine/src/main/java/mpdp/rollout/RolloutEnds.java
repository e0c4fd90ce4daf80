package mpdp.rollout;

import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * Where the rollout of each start state ended.
 *
 * @param state (rows, states): its last state
 * @param weight (rows): g^T, the discount of its last state after T steps, or 0 if that is terminal
 * @param length (rows): T
 */
public record RolloutEnds(Buffer state, Buffer weight, Buffer length) {

  /** With {@code state} (rows, states) as the memory of last states. */
  public static RolloutEnds in(TensorArena arena, int rows, Buffer state) {
    return new RolloutEnds(state, arena.allocate(rows), arena.allocate(rows));
  }
}
