package mpdp.backend;

import java.util.function.Consumer;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.MlpShape;
import mpdp.tensor.TensorArena;

/**
 * A view of another back end, which does all the work: for back ends that change a part of it.
 * Joins what it recorded by recording it, and cannot be divided: the parts would be no views.
 */
public abstract class ForwardingBackend implements Backend {
  private final Backend backend;

  protected ForwardingBackend(Backend backend) {
    this.backend = backend;
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public String device() {
    return backend.device();
  }

  @Override
  public double measurePeak() {
    return backend.measurePeak();
  }

  @Override
  public FloatProducts floatProducts() {
    return backend.floatProducts();
  }

  @Override
  public TensorArena arena(String label) {
    return backend.arena(label);
  }

  @Override
  public Program record(String label, Consumer<Recorder> body) {
    return backend.record(label, body);
  }

  @Override
  public int membersAtOnce(MlpShape shape, int rows) {
    return backend.membersAtOnce(shape, rows);
  }

  @Override
  public void finish() {
    backend.finish();
  }

  @Override
  public long busyNanos() {
    return backend.busyNanos();
  }

  /** Does nothing: who opened the other back end closes it. */
  @Override
  public void close() {}
}
