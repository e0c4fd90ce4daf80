package mpdp.backend.opencl;

import java.lang.foreign.MemorySegment;
import mpdp.tensor.Buffer;

/** Words of a memory object that an arena owns. */
final class OpenClBuffer extends Buffer {
  private final OpenClMemory memory;
  private final long offset;

  OpenClBuffer(OpenClMemory memory, long offset, long words) {
    super(words);
    this.memory = memory;
    this.offset = offset;
  }

  OpenClMemory memory() {
    return memory;
  }

  /** First word in the memory object. */
  long offset() {
    return offset;
  }

  @Override
  public long address() {
    throw new UnsupportedOperationException("OpenCL memory has no address: use read and write");
  }

  @Override
  public OpenClBuffer slice(long from, long count) {
    checkRange(from, count);
    return new OpenClBuffer(memory, offset + from, count);
  }

  @Override
  public void write(long at, MemorySegment source) {
    checkRange(at, source.byteSize() / Float.BYTES);
    memory.write((offset + at) * Float.BYTES, source);
  }

  @Override
  public void read(long at, MemorySegment target) {
    checkRange(at, target.byteSize() / Float.BYTES);
    memory.read((offset + at) * Float.BYTES, target);
  }
}
