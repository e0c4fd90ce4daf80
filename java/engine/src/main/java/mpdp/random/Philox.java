package mpdp.random;

/**
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC
 * 2011): a keyed bijection of 128-bit counters. Every back end implements the same function, so a
 * draw depends on (key, counter) alone, never on threads or on the order of evaluation.
 */
public final class Philox {
  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private Philox() {}

  /**
   * Encrypts the counter {@code (c0, c1, c2, c3)} under {@code key} (low word first).
   *
   * @param out receives the 4 output words
   */
  public static void block(int c0, int c1, int c2, int c3, long key, int[] out) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /**
   * A uniform in (0, 1): the word's upper 23 bits, centred, so that 0 and 1 never occur. One bit
   * more would not fit: (2^24 - 1) + 0.5 rounds up to 2^24 in a float, hence to exactly 1.
   */
  public static float uniform(int word) {
    return ((word >>> 9) + 0.5f) * 0x1p-23f;
  }
}
