package mpdp.backend.opencl;

import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.CL_TRUE;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clEnqueueFillBuffer;
import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueWriteBuffer;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clReleaseMemObject;

import java.lang.foreign.MemorySegment;
import mpdp.MpdpException;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/** One memory object of a device, zeroed, that buffers are parts of. */
final class OpenClMemory implements AutoCloseable {
  private final OpenClQueue queue;
  private final cl_mem handle;
  private boolean alive = true;

  /**
   * @param what names the memory when there is none left
   * @throws MpdpException if the device has no {@code words} words
   */
  OpenClMemory(OpenClQueue queue, String what, long words) {
    this.queue = queue;
    long bytes = words * Float.BYTES;
    try {
      handle = clCreateBuffer(queue.context(), CL_MEM_READ_WRITE, bytes, null, null);
      clEnqueueFillBuffer(
          queue.handle(), handle, Pointer.to(new int[1]), Float.BYTES, 0, bytes, 0, null, null);
      clFinish(queue.handle());
    } catch (CLException e) {
      throw new MpdpException(
          "out of memory: %s could not get %d MiB on the OpenCL device (%s); lower batch or network sizes"
              .formatted(what, (bytes >> 20) + 1, e.getMessage()),
          e);
    }
  }

  cl_mem handle() {
    return handle;
  }

  boolean belongsTo(OpenClQueue other) {
    return queue == other;
  }

  boolean isAlive() {
    return alive;
  }

  /** Copies {@code source} to the bytes from {@code at}. */
  void write(long at, MemorySegment source) {
    checkAlive();
    OpenClQueue.Staging staging = queue.staging();
    for (long done = 0; done < source.byteSize(); done += staging.bytes()) {
      long count = Math.min(staging.bytes(), source.byteSize() - done);
      MemorySegment.copy(source, done, staging.segment(), 0, count);
      clEnqueueWriteBuffer(
          queue.handle(), handle, CL_TRUE, at + done, count, staging.pointer(), 0, null, null);
    }
  }

  /** Fills {@code target} with the bytes from {@code at}. */
  void read(long at, MemorySegment target) {
    checkAlive();
    OpenClQueue.Staging staging = queue.staging();
    for (long done = 0; done < target.byteSize(); done += staging.bytes()) {
      long count = Math.min(staging.bytes(), target.byteSize() - done);
      clEnqueueReadBuffer(
          queue.handle(), handle, CL_TRUE, at + done, count, staging.pointer(), 0, null, null);
      MemorySegment.copy(staging.segment(), 0, target, done, count);
    }
  }

  private void checkAlive() {
    if (!alive) {
      throw new IllegalStateException("this buffer's arena is closed");
    }
  }

  @Override
  public void close() {
    if (alive) {
      alive = false;
      clReleaseMemObject(handle);
    }
  }
}
