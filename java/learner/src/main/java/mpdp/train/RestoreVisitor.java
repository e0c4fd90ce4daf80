package mpdp.train;

import mpdp.checkpoint.Checkpoint;
import mpdp.checkpoint.TensorType;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;

/**
 * Fills what it visits from a checkpoint; a tensor that is missing or of another size is an error.
 */
final class RestoreVisitor implements StateVisitor {
  private final Checkpoint checkpoint;

  RestoreVisitor(Checkpoint checkpoint) {
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
