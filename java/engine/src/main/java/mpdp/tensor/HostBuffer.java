package mpdp.tensor;

import java.lang.foreign.MemorySegment;

/** A buffer in host memory. */
public final class HostBuffer extends Buffer {
  private final MemorySegment segment;

  HostBuffer(MemorySegment segment) {
    super(segment.byteSize() / Float.BYTES);
    this.segment = segment;
  }

  /** The memory itself. */
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public long address() {
    return segment.address();
  }

  @Override
  public HostBuffer slice(long offset, long words) {
    checkRange(offset, words);
    return new HostBuffer(segment.asSlice(offset * Float.BYTES, words * Float.BYTES));
  }

  @Override
  public void write(long offset, MemorySegment source) {
    checkRange(offset, source.byteSize() / Float.BYTES);
    MemorySegment.copy(source, 0, segment, offset * Float.BYTES, source.byteSize());
  }

  @Override
  public void read(long offset, MemorySegment target) {
    checkRange(offset, target.byteSize() / Float.BYTES);
    MemorySegment.copy(segment, offset * Float.BYTES, target, 0, target.byteSize());
  }
}
