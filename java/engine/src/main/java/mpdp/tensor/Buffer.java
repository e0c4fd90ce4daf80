package mpdp.tensor;

import java.lang.foreign.MemorySegment;

/**
 * A run of 4-byte words in device memory, float32 or int32 as the op that uses it says. Reading and
 * writing copies between host and device and waits for the programs submitted before; neither
 * belongs in a steady-state step.
 */
public abstract class Buffer {
  private final long words;

  protected Buffer(long words) {
    this.words = words;
  }

  /** Length in 4-byte words. */
  public final long words() {
    return words;
  }

  /** The device address of the first word. */
  public abstract long address();

  /** The {@code words} words from {@code offset}: a view that shares this buffer's memory. */
  public abstract Buffer slice(long offset, long words);

  /** Copies {@code source.byteSize()} bytes to the words from {@code offset}. */
  public abstract void write(long offset, MemorySegment source);

  /** Fills {@code target} with the words from {@code offset}. */
  public abstract void read(long offset, MemorySegment target);

  /** Checks that {@code [offset, offset + count)} lies inside. */
  protected final void checkRange(long offset, long count) {
    if (offset < 0 || count < 0 || offset + count > words) {
      throw new IndexOutOfBoundsException(
          "words " + offset + " to " + (offset + count) + " of a buffer of " + words);
    }
  }

  public final void write(float... values) {
    write(0, MemorySegment.ofArray(values));
  }

  public final void write(int... values) {
    write(0, MemorySegment.ofArray(values));
  }

  /** All words as floats. */
  public final float[] floats() {
    float[] values = new float[Math.toIntExact(words)];
    read(0, MemorySegment.ofArray(values));
    return values;
  }

  /** All words as ints. */
  public final int[] ints() {
    int[] values = new int[Math.toIntExact(words)];
    read(0, MemorySegment.ofArray(values));
    return values;
  }

  /** The float at {@code index}. */
  public final float get(long index) {
    float[] value = new float[1];
    read(index, MemorySegment.ofArray(value));
    return value[0];
  }

  /** The int at {@code index}. */
  public final int getInt(long index) {
    int[] value = new int[1];
    read(index, MemorySegment.ofArray(value));
    return value[0];
  }
}
