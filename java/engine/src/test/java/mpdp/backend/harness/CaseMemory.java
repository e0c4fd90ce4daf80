package mpdp.backend.harness;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import mpdp.backend.op.Draws;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Operands of one case. Every buffer ends in guard words that no op may touch; output buffers hold
 * a NaN that no op computes.
 */
public final class CaseMemory {
  /** Seed of all cases; {@code -Dmpdp.test.seed} changes it. */
  public static final long SEED = Long.getLong("mpdp.test.seed", 1);

  /** The word that fills outputs and guards: a NaN that arithmetic does not produce. */
  public static final int POISON = 0x7FC0DEAD;

  /** A count argument that means: no count operand. */
  static final int NO_COUNT = -1;

  /** {@code -Dmpdp.test.guard=0} is for tools that see the end of a buffer by themselves. */
  private static final int GUARD = Integer.getInteger("mpdp.test.guard", 16);

  private final TensorArena arena;
  private final RandomGenerator random;
  private final List<Buffer> whole = new ArrayList<>();

  CaseMemory(TensorArena arena, long seed) {
    this.arena = arena;
    this.random = new SplittableRandom(seed);
  }

  RandomGenerator random() {
    return random;
  }

  Buffer ints(int... values) {
    int[] words = Arrays.copyOf(values, values.length + GUARD);
    Arrays.fill(words, values.length, words.length, POISON);
    Buffer buffer = arena.allocate(words.length);
    buffer.write(0, MemorySegment.ofArray(words));
    whole.add(buffer);
    return buffer.slice(0, values.length);
  }

  Buffer floats(float... values) {
    int[] words = new int[values.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = Float.floatToRawIntBits(values[i]);
    }
    return ints(words);
  }

  /** {@code words} floats from {@code source}. */
  Buffer fill(long words, DoubleSupplier source) {
    float[] values = new float[Math.toIntExact(words)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) source.getAsDouble();
    }
    return floats(values);
  }

  Buffer normals(long words) {
    return fill(words, random::nextGaussian);
  }

  Buffer normals(long words, double scale) {
    return fill(words, () -> scale * random.nextGaussian());
  }

  Buffer uniforms(long words, double low, double high) {
    return fill(words, () -> random.nextDouble(low, high));
  }

  /** 0 or 1, the latter with probability {@code share}. */
  Buffer flags(long words, double share) {
    return fill(words, () -> random.nextDouble() < share ? 1 : 0);
  }

  /** {@code words} ints in [0, bound). */
  Buffer indices(int words, int bound) {
    return ints(random.ints(words, 0, bound).toArray());
  }

  /** A random order of 0 .. {@code words} - 1. */
  Buffer permutation(int words) {
    int[] order = new int[words];
    for (int i = 0; i < words; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return ints(order);
  }

  /** A poisoned output. */
  Buffer out(long words) {
    int[] poison = new int[Math.toIntExact(words)];
    Arrays.fill(poison, POISON);
    return ints(poison);
  }

  /** An operand that is updated: random when the op accumulates, else poisoned. */
  Buffer updated(long words, boolean accumulate) {
    return accumulate ? normals(words) : out(words);
  }

  @Nullable Buffer count(int count) {
    return count == NO_COUNT ? null : ints(count);
  }

  /** A Philox state whose step counter uses both words. */
  Buffer drawState() {
    return ints(random.ints(Draws.WORDS).toArray());
  }

  /** Fails if a guard word changed. */
  public void checkGuards(String what) {
    for (Buffer buffer : whole) {
      int[] guard = new int[GUARD];
      buffer.read(buffer.words() - GUARD, MemorySegment.ofArray(guard));
      for (int word : guard) {
        if (word != POISON) {
          throw new AssertionError(
              what + ": wrote behind a buffer of " + (buffer.words() - GUARD) + " words");
        }
      }
    }
  }
}
