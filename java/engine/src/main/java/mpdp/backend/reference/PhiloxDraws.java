package mpdp.backend.reference;

import mpdp.backend.op.Draws;
import mpdp.random.Philox;
import mpdp.tensor.Buffer;

/** The draws of one op at one site; see {@link Draws}. */
final class PhiloxDraws {
  private final long key;
  private final int site;
  private final int stepLow;
  private final int stepHigh;
  private final int[] block = new int[4];

  PhiloxDraws(Buffer random, int site) {
    this.key = key(random);
    this.site = site;
    this.stepLow = Operands.getInt(random, 2);
    this.stepHigh = Operands.getInt(random, 3);
  }

  /** The key in words 0 and 1 of a random state. */
  static long key(Buffer random) {
    return Integer.toUnsignedLong(Operands.getInt(random, 0))
        | (long) Operands.getInt(random, 1) << 32;
  }

  /** The word of {@code element}. */
  int word(long element) {
    Philox.block((int) (element >>> 2), site, stepLow, stepHigh, key, block);
    return block[(int) (element & 3)];
  }

  /** The uniform of {@code element}, in (0, 1). */
  float uniform(long element) {
    return Philox.uniform(word(element));
  }

  /** The standard normal of {@code element}. */
  double normal(long element) {
    Philox.block((int) (element >>> 2), site, stepLow, stepHigh, key, block);
    int pair = (int) (element & 2);
    double radius = Math.sqrt(-2 * Math.log(Philox.uniform(block[pair])));
    double angle = 2 * Math.PI * Philox.uniform(block[pair + 1]);
    return radius * ((element & 1) == 0 ? Math.cos(angle) : Math.sin(angle));
  }

  /** The uniform of {@code element} mapped to 0 .. {@code count} - 1, by one float32 product. */
  int choice(long element, int count) {
    return (int) (uniform(element) * count);
  }

  /** The word of {@code element} mapped to 0 .. {@code count} - 1. */
  int index(long element, int count) {
    return scale(word(element), count);
  }

  /** floor(word count / 2^32), the word taken as unsigned. */
  static int scale(int word, int count) {
    return (int) (Integer.toUnsignedLong(word) * count >>> 32);
  }
}
