package mpdp.backend.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mpdp.backend.Backend;
import mpdp.backend.BusyTime;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Operation;
import mpdp.tensor.TensorArena;

/**
 * One OpenCL device with an in-order queue. The system property {@value #PROFILE_PROPERTY}, set to
 * true, times every kernel with events and logs the sums when the back end closes.
 */
final class OpenClBackend implements Backend {
  /** Times kernels when true. */
  static final String PROFILE_PROPERTY = "mpdp.opencl.profile";

  private final OpenClDevice device;
  private final int units;
  private final OpenClQueue queue;
  private final BusyTime busy = new BusyTime();
  private final Profile profile = new Profile(Boolean.getBoolean(PROFILE_PROPERTY));
  private final MatrixKernels matrixKernels;
  private final Kernels kernels;
  private boolean closed;

  /**
   * Opens {@code device} with the given matrix kernels.
   *
   * @param threads the most compute units of a CPU to use, 0 for all; nothing to other devices
   */
  OpenClBackend(OpenClDevice device, MatrixKernels.Variant variant, int threads) {
    boolean limited =
        device.type() == OpenClDevice.Type.CPU && threads > 0 && threads < device.units();
    Devices.Handle whole = Devices.handles().get(device.index());
    Devices.Handle handle = limited ? Devices.part(whole, device.name(), threads) : whole;
    this.device = device;
    this.units = limited ? threads : device.units();
    this.queue = new OpenClQueue(handle, profile.wanted());
    this.matrixKernels = new MatrixKernels(variant, units, device.localBytes() / Float.BYTES);
    this.kernels = new Kernels(queue.context(), handle.device(), device.name(), variant);
  }

  @Override
  public String name() {
    return OpenClProbe.NAME;
  }

  @Override
  public String device() {
    return "%s, %d used, %s kernels"
        .formatted(device.summary(), units, matrixKernels.variant().id());
  }

  @Override
  public TensorArena arena(String label) {
    return new OpenClArena(open(), label);
  }

  @Override
  public Program record(String label, Consumer<Recorder> body) {
    List<Operation> operations = new ArrayList<>();
    body.accept(operations::add);
    return new OpenClProgram(this, label, List.copyOf(operations));
  }

  /** On several compute units of a CPU, one for each. */
  @Override
  public int membersAtOnce(MlpShape shape, int rows) {
    boolean few = matrixKernels.variant() != MatrixKernels.Variant.TILE && units > 1;
    return few ? Math.min(shape.members(), units) : shape.members();
  }

  @Override
  public long busyNanos() {
    return busy.nanos();
  }

  BusyTime busy() {
    return busy;
  }

  @Override
  public double measurePeak() {
    return Peak.measure(open(), kernels, device.type(), units);
  }

  OpenClQueue open() {
    if (closed) {
      throw new IllegalStateException("the opencl back end is closed");
    }
    return queue;
  }

  Kernels kernels() {
    return kernels;
  }

  MatrixKernels matrixKernels() {
    return matrixKernels;
  }

  Profile profile() {
    return profile;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      profile.log();
      kernels.close();
      queue.close();
    }
  }
}
