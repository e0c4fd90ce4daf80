package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.Termination;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * When a predicted state is terminal: outside of its bounds, see {@link Termination}.
 *
 * @param low (states)
 * @param high (states)
 * @param inclusive whether the bounds themselves are still alive
 */
public record TerminationBounds(Buffer low, Buffer high, boolean inclusive) {

  /** Copies the bounds to the device. */
  public static TerminationBounds of(
      TensorArena arena, float[] low, float[] high, boolean inclusive) {
    TerminationBounds bounds =
        new TerminationBounds(arena.allocate(low.length), arena.allocate(high.length), inclusive);
    bounds.low.write(low);
    bounds.high.write(high);
    return bounds;
  }

  /**
   * Tests the rows of a step.
   *
   * @param next (rows, states)
   * @param done (rows): receives 1 where a state is terminal, else 0
   */
  public void test(Recorder recorder, RolloutRows rows, Buffer next, Buffer done) {
    recorder.add(
        new Termination(
            rows.capacity(), (int) low.words(), inclusive, next, low, high, rows.count(), done));
  }
}
