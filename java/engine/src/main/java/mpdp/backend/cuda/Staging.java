package mpdp.backend.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import mpdp.backend.BusyTime;

/**
 * Copies between host and device through pinned memory, in the stream's order. Each copy waits for
 * the work submitted before, so an error of that work shows here.
 */
final class Staging implements AutoCloseable {
  private static final long BYTES = 4L << 20;

  private final CudaDevice device;
  private final BusyTime busy;
  private final Pointer pinned = new Pointer();
  private final MemorySegment segment;

  Staging(CudaDevice device, BusyTime busy) {
    this.device = device;
    this.busy = busy;
    JCuda.check(
        JCudaDriver.cuMemHostAlloc(pinned, BYTES, 0), "getting 4 MiB of pinned host memory");
    segment = MemorySegment.ofBuffer(pinned.getByteBuffer(0, BYTES));
  }

  void write(DevicePointer target, MemorySegment source, String what) {
    for (long at = 0; at < source.byteSize(); at += BYTES) {
      long bytes = Math.min(BYTES, source.byteSize() - at);
      MemorySegment.copy(source, at, segment, 0, bytes);
      CUdeviceptr to = at == 0 ? target : target.withByteOffset(at);
      long start = System.nanoTime();
      finish(JCudaDriver.cuMemcpyHtoDAsync(to, pinned, bytes, device.stream()), start, what);
    }
  }

  void read(DevicePointer source, MemorySegment target, String what) {
    for (long at = 0; at < target.byteSize(); at += BYTES) {
      long bytes = Math.min(BYTES, target.byteSize() - at);
      CUdeviceptr from = at == 0 ? source : source.withByteOffset(at);
      long start = System.nanoTime();
      finish(JCudaDriver.cuMemcpyDtoHAsync(pinned, from, bytes, device.stream()), start, what);
      MemorySegment.copy(segment, 0, target, at, bytes);
    }
  }

  /** Waits for the copy, and with it for the work before it: time that the device is busy. */
  private void finish(int submitted, long start, String what) {
    int result = submitted == 0 ? device.waitForWork() : submitted;
    busy.since(start);
    JCuda.check(result, what);
  }

  @Override
  public void close() {
    JCudaDriver.cuMemFreeHost(pinned);
  }
}
