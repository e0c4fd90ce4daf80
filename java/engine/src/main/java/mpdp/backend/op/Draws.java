package mpdp.backend.op;

import mpdp.random.RandomState;

/**
 * How ops draw random numbers. A {@link RandomState} is 4 int32 words (key low, key high, step low,
 * step high). Element e of an op at site s takes word e mod 4 of the Philox4x32-10 block with
 * counter (e div 4, s, step low, step high) under the key. A uniform is ((word >>> 9) + 0.5) 2^-23;
 * normals come in pairs from words (0, 1) and (2, 3) by Box-Muller: with r = sqrt(-2 ln u_even) and
 * angle = 2 pi u_odd, the even element is r cos(angle), the odd one r sin(angle).
 *
 * <p>A site names one draw in one program; two ops that run at the same step counter must differ in
 * site. {@link Advance} moves to the next step.
 */
public final class Draws {
  /** Words of a random state. */
  public static final int WORDS = RandomState.WORDS;

  private Draws() {}
}
