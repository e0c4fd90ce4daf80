package mpdp.random;

/**
 * A sequential generator over {@link Philox}: host-side draws (resets, exploration, data splits)
 * that can be saved and restored as one number. Not safe for use by several threads.
 */
public final class RandomStream {
  private final long key;
  private final int stream;
  private final int[] block = new int[4];
  private long position;
  private long blockIndex = -1;

  /**
   * @param seed the run's seed
   * @param stream which of the seed's independent sequences this is
   */
  public RandomStream(long seed, int stream) {
    this.key = seed;
    this.stream = stream;
  }

  /** How many words have been drawn: all there is to save. */
  public long position() {
    return position;
  }

  /** Continues after {@code position} drawn words. */
  public void position(long position) {
    this.position = position;
  }

  /** The next 32 random bits. */
  public int nextWord() {
    long index = position >>> 2;
    if (index != blockIndex) {
      Philox.block((int) index, (int) (index >>> 32), stream, 0x5354524D, key, block);
      blockIndex = index;
    }
    return block[(int) (position++ & 3)];
  }

  /** A double in [0, 1) with 53 random bits. */
  public double nextDouble() {
    long high = nextWord() & 0xFFFFFFFFL;
    long low = nextWord() & 0xFFFFFFFFL;
    return ((high << 21) ^ (low >>> 11)) * 0x1p-53;
  }

  /** An integer in [0, bound), free of modulo bias to 2^-32. */
  public int nextInt(int bound) {
    return (int) (((nextWord() & 0xFFFFFFFFL) * bound) >>> 32);
  }

  /** A standard normal (Box-Muller, cosine branch: two doubles for each draw). */
  public double nextGaussian() {
    double radius = Math.sqrt(-2 * Math.log(1 - nextDouble()));
    return radius * Math.cos(2 * Math.PI * nextDouble());
  }
}
