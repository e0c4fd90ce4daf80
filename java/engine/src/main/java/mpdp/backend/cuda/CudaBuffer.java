package mpdp.backend.cuda;

import java.lang.foreign.MemorySegment;
import mpdp.tensor.Buffer;

/** A buffer in device memory. */
final class CudaBuffer extends Buffer {
  private final CudaArena arena;
  private final DevicePointer pointer;

  CudaBuffer(CudaArena arena, DevicePointer pointer, long words) {
    super(words);
    this.arena = arena;
    this.pointer = pointer;
  }

  CudaArena arena() {
    return arena;
  }

  @Override
  public long address() {
    return pointer.address();
  }

  @Override
  public CudaBuffer slice(long offset, long words) {
    checkRange(offset, words);
    return new CudaBuffer(arena, at(offset), words);
  }

  @Override
  public void write(long offset, MemorySegment source) {
    checkRange(offset, source.byteSize() / Float.BYTES);
    staging().write(at(offset), source, "writing to " + arena.label() + after());
  }

  @Override
  public void read(long offset, MemorySegment target) {
    checkRange(offset, target.byteSize() / Float.BYTES);
    staging().read(at(offset), target, "reading from " + arena.label() + after());
  }

  private DevicePointer at(long offset) {
    return offset == 0 ? pointer : pointer.withByteOffset(offset * Float.BYTES);
  }

  private Staging staging() {
    if (arena.closed()) {
      throw new IllegalStateException("a buffer of the closed arena " + arena.label());
    }
    return arena.backend().staging();
  }

  private String after() {
    return arena.backend().suspect();
  }
}
