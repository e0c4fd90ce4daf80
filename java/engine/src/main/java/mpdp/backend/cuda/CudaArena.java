package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import jcuda.driver.JCudaDriver;
import mpdp.MpdpException;
import mpdp.tensor.TensorArena;

/**
 * Device memory in large blocks; in debug mode each buffer is a block, so that tools see its end.
 */
final class CudaArena implements TensorArena {
  /** What a warp reads at once is 128 bytes; two of them leave room for wide copies. */
  private static final long ALIGNMENT = 256;

  private static final long BLOCK_BYTES = 2L << 20;
  private static final int OUT_OF_MEMORY = 2;

  private final CudaBackend backend;
  private final String label;
  private final List<DevicePointer> blocks = new ArrayList<>();
  private long free;
  private long used;
  private long allocated;
  private boolean closed;

  CudaArena(CudaBackend backend, String label) {
    this.backend = backend;
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public synchronized CudaBuffer allocate(long words) {
    if (words <= 0) {
      throw new IllegalArgumentException(
          label + ": a buffer needs at least one word, not " + words);
    }
    if (closed) {
      throw new IllegalStateException("arena " + label + " is closed");
    }
    long bytes = words * Float.BYTES;
    long padded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (backend.debug()) {
      add(bytes);
    } else if (free < padded) {
      add(Math.max(padded, BLOCK_BYTES));
      free = Math.max(padded, BLOCK_BYTES);
      used = 0;
    }
    DevicePointer pointer = blocks.getLast().withByteOffset(backend.debug() ? 0 : used);
    used += padded;
    free -= padded;
    allocated += padded / Float.BYTES;
    return new CudaBuffer(this, pointer, words);
  }

  private void add(long bytes) {
    CudaDevice device = backend.cudaDevice();
    device.enter();
    DevicePointer block = new DevicePointer();
    int result = JCudaDriver.cuMemAlloc(block, bytes);
    if (result == OUT_OF_MEMORY) {
      throw outOfMemory(bytes, device);
    }
    JCuda.check(result, "%s: getting %d bytes of device memory".formatted(label, bytes));
    blocks.add(block);
    JCuda.check(
        JCudaDriver.cuMemsetD8Async(block, (byte) 0, bytes, device.stream()),
        label + ": zeroing device memory");
  }

  private MpdpException outOfMemory(long bytes, CudaDevice device) {
    long[] memory = device.memory();
    return new MpdpException(
        ("out of device memory: %s asked for %d MiB on top of its %d, but %d of %d MiB are free;"
                + " lower train.replay-capacity, agent.batch, model.batch or the widths,"
                + " or take --backend cpu")
            .formatted(label, mebibytes(bytes), allocated >> 18, memory[0] >> 20, memory[1] >> 20));
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }

  CudaBackend backend() {
    return backend;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public long allocatedWords() {
    return allocated;
  }

  /** Waits for the work that may still use the memory, and frees it. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      CudaDevice device = backend.cudaDevice();
      device.enter();
      device.waitForWork();
      blocks.forEach(JCudaDriver::cuMemFree);
      blocks.clear();
    }
  }
}
