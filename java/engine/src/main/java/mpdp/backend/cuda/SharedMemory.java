package mpdp.backend.cuda;

import mpdp.MpdpException;

/** The dynamic shared memory that one block may have. */
final class SharedMemory {
  private SharedMemory() {}

  /**
   * {@code bytes}, if a block can have them.
   *
   * @throws MpdpException if it cannot
   */
  static int bytes(String kernel, long bytes, CudaLimits limits) {
    if (bytes > limits.sharedBytes()) {
      throw new MpdpException(
          "%s needs %d bytes of shared memory for these sizes, and a block has %d: use fewer members or narrower layers, or --backend cpu"
              .formatted(kernel, bytes, limits.sharedBytes()));
    }
    return (int) bytes;
  }
}
