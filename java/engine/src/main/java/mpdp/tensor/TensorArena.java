package mpdp.tensor;

/**
 * Device memory owned by one scope. Buffers are handed out from large blocks, each aligned to 64
 * bytes and zeroed; closing the arena frees them all at once, and using one afterwards is an error.
 */
public interface TensorArena extends AutoCloseable {
  /** What this memory is for, as shown in out-of-memory messages. */
  String label();

  /** A zeroed buffer of {@code words} 4-byte words (float or int). */
  Buffer allocate(long words);

  /** Words handed out so far, padding included. */
  long allocatedWords();

  @Override
  void close();
}
