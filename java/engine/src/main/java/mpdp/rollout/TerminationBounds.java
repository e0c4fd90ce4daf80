package mpdp.rollout;

import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * When a predicted state is terminal: outside of its bounds, see {@link
 * mpdp.backend.op.Termination}.
 *
 * @param low (states)
 * @param high (states)
 * @param inclusive whether the bounds themselves are still alive
 */
public record TerminationBounds(Buffer low, Buffer high, boolean inclusive) {

  /** Copies the bounds to the device. */
  public static TerminationBounds of(
      TensorArena arena, float[] low, float[] high, boolean inclusive) {
    TerminationBounds test =
        new TerminationBounds(arena.allocate(low.length), arena.allocate(high.length), inclusive);
    test.low.write(low);
    test.high.write(high);
    return test;
  }
}
