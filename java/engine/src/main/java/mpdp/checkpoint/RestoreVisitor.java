package mpdp.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;

/**
 * Fills what it visits from a checkpoint; a tensor that is missing or of another size is an error.
 */
public final class RestoreVisitor implements StateVisitor {
  private final Checkpoint checkpoint;

  public RestoreVisitor(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  @Override
  public void floats(String name, Buffer buffer) {
    buffer.write(0, checkpoint.segment(name, TensorType.F32, buffer.words()));
  }

  @Override
  public void integers(String name, Buffer buffer) {
    buffer.write(0, checkpoint.segment(name, TensorType.I32, buffer.words()));
  }

  @Override
  public void longs(String name, long[] values) {
    MemorySegment stored = checkpoint.segment(name, TensorType.I64, values.length);
    MemorySegment.copy(stored, ValueLayout.JAVA_LONG_UNALIGNED, 0, values, 0, values.length);
  }
}
