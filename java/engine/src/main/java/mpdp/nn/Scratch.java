package mpdp.nn;

import java.util.HashMap;
import java.util.Map;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * Scratch memory for the backward passes of one program. Passes of one size take turns to use it;
 * those of different sizes have their own, so that a back end may run them at the same time.
 */
public final class Scratch {
  private final TensorArena arena;
  private final Map<Long, Buffer> buffers = new HashMap<>();

  public Scratch(TensorArena arena) {
    this.arena = arena;
  }

  /** {@code words} words. */
  public Buffer take(long words) {
    return buffers.computeIfAbsent(words, arena::allocate);
  }
}
