package mpdp.backend.opencl;

import static org.jocl.CL.CL_CONTEXT_PLATFORM;
import static org.jocl.CL.CL_QUEUE_PROFILING_ENABLE;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clCreateContext;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseContext;
import static org.jocl.CL.clReleaseDevice;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;

/** A context with one in-order queue on one device, and memory that host copies pass through. */
final class OpenClQueue implements AutoCloseable {
  private static final int STAGING_BYTES = 1 << 20;

  private final cl_context context;
  private final cl_command_queue queue;
  private final Devices.Handle device;
  private final Staging staging = new Staging(ByteBuffer.allocateDirect(STAGING_BYTES));

  /** Host memory of a fixed address: JOCL takes no heap segments. */
  record Staging(ByteBuffer buffer, MemorySegment segment, Pointer pointer) {
    Staging(ByteBuffer buffer) {
      this(buffer, MemorySegment.ofBuffer(buffer), Pointer.to(buffer));
    }

    long bytes() {
      return buffer.capacity();
    }
  }

  @SuppressWarnings("deprecation") // its successor needs OpenCL 2.0
  OpenClQueue(Devices.Handle handle, boolean profiled) {
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, handle.platform());
    device = handle;
    cl_device_id[] devices = {handle.device()};
    context = clCreateContext(properties, 1, devices, null, null, null);
    queue =
        clCreateCommandQueue(
            context, handle.device(), profiled ? CL_QUEUE_PROFILING_ENABLE : 0, null);
  }

  cl_context context() {
    return context;
  }

  cl_command_queue handle() {
    return queue;
  }

  Staging staging() {
    return staging;
  }

  @Override
  public void close() {
    clFinish(queue);
    clReleaseCommandQueue(queue);
    clReleaseContext(context);
    if (device.part()) {
      clReleaseDevice(device.device());
    }
  }
}
