package mpdp.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;

/** Copies what it visits into a checkpoint. */
public final class SaveVisitor implements StateVisitor {
  private final Checkpoint checkpoint;
  private final Arena arena;

  /**
   * @param arena owns the host copies; close it after the checkpoint is written
   */
  public SaveVisitor(Checkpoint checkpoint, Arena arena) {
    this.checkpoint = checkpoint;
    this.arena = arena;
  }

  @Override
  public void floats(String name, Buffer buffer) {
    add(name, TensorType.F32, buffer);
  }

  @Override
  public void integers(String name, Buffer buffer) {
    add(name, TensorType.I32, buffer);
  }

  @Override
  public void longs(String name, long[] values) {
    checkpoint.add(name, new long[] {values.length}, values.clone());
  }

  private void add(String name, TensorType type, Buffer buffer) {
    MemorySegment copy = arena.allocate(4 * buffer.words(), 4);
    buffer.read(0, copy);
    checkpoint.add(name, type, new long[] {buffer.words()}, copy);
  }
}
