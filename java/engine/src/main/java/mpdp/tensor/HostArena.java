package mpdp.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** An arena in host memory: the reference and cpu back ends compute in place. */
public final class HostArena implements TensorArena {
  private static final long ALIGNMENT = 64;
  private static final long BLOCK_BYTES = 1L << 20;

  private final String label;
  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> blocks = new ArrayList<>();
  private long used;
  private long allocated;

  public HostArena(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public synchronized HostBuffer allocate(long words) {
    if (words <= 0) {
      throw new IllegalArgumentException(
          label + ": a buffer needs at least one word, not " + words);
    }
    long bytes = (words * Float.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (blocks.isEmpty() || used + bytes > blocks.getLast().byteSize()) {
      blocks.add(arena.allocate(Math.max(bytes, BLOCK_BYTES), ALIGNMENT));
      used = 0;
    }
    MemorySegment segment = blocks.getLast().asSlice(used, words * Float.BYTES);
    used += bytes;
    allocated += bytes / Float.BYTES;
    return new HostBuffer(segment);
  }

  @Override
  public long allocatedWords() {
    return allocated;
  }

  @Override
  public void close() {
    arena.close();
  }
}
