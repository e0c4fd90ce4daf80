package mpdp.random;

import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * The random state of one program, on its device: a key and the number of the step, from which ops
 * make their draws (see {@code mpdp.backend.op.Draws}).
 */
public final class RandomState {
  /** Words of a random state: key low, key high, step low, step high. */
  public static final int WORDS = 4;

  private static final int GOLDEN_RATIO = 0x9E3779B9;

  /** What a program draws for: two purposes of one seed draw other numbers. */
  public enum Purpose {
    /** A trained policy or a planner in somebody's program. */
    EMBEDDED,
    /** Updates of policies and critics. */
    UPDATE,
    /** Training of the dynamics ensemble. */
    MODEL,
    /** Acting in the task that is being learned. */
    ACT
  }

  private final Buffer words;

  /** A fresh state: the first draws of that seed and purpose. */
  public RandomState(TensorArena arena, long seed, Purpose purpose) {
    words = arena.allocate(WORDS);
    int high = (int) (seed >>> 32) ^ (purpose.ordinal() * GOLDEN_RATIO);
    words.write((int) seed, high, 0, 0);
  }

  /** int32 (4): what ops draw from, and what the op that ends a program's run moves on. */
  public Buffer words() {
    return words;
  }

  /** Visits what the next draws depend on. */
  public void visit(StateVisitor visitor) {
    visitor.integers("random", words);
  }
}
