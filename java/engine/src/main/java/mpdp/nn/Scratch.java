package mpdp.nn;

import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** Scratch memory that the backward passes of one program take turns to use. */
public final class Scratch {
  private final TensorArena arena;
  private @Nullable Buffer buffer;

  public Scratch(TensorArena arena) {
    this.arena = arena;
  }

  /** At least {@code words} words; a later, larger request gets memory of its own. */
  public Buffer take(long words) {
    if (buffer == null || buffer.words() < words) {
      buffer = arena.allocate(words);
    }
    return buffer;
  }
}
