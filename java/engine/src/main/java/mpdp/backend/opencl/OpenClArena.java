package mpdp.backend.opencl;

import java.util.ArrayList;
import java.util.List;
import mpdp.tensor.TensorArena;

/** An arena in device memory: buffers are parts of memory objects of at least a mebibyte. */
final class OpenClArena implements TensorArena {
  private static final long ALIGNMENT_WORDS = 16;
  private static final long BLOCK_WORDS = 1L << 18;

  private final OpenClQueue queue;
  private final String label;
  private final List<OpenClMemory> blocks = new ArrayList<>();
  private long left; // words that remain in the last block
  private long used; // words of the last block that are handed out
  private long allocated;

  OpenClArena(OpenClQueue queue, String label) {
    this.queue = queue;
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public synchronized OpenClBuffer allocate(long words) {
    if (words <= 0) {
      throw new IllegalArgumentException(
          label + ": a buffer needs at least one word, not " + words);
    }
    long padded = OpenClLaunch.ceil(words, ALIGNMENT_WORDS) * ALIGNMENT_WORDS;
    if (padded > left) {
      left = Math.max(padded, BLOCK_WORDS);
      used = 0;
      blocks.add(new OpenClMemory(queue, label, left));
    }
    OpenClBuffer buffer = new OpenClBuffer(blocks.getLast(), used, words);
    used += padded;
    left -= padded;
    allocated += padded;
    return buffer;
  }

  @Override
  public long allocatedWords() {
    return allocated;
  }

  @Override
  public void close() {
    blocks.forEach(OpenClMemory::close);
  }
}
