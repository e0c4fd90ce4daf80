package mpdp.checkpoint;

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
}
