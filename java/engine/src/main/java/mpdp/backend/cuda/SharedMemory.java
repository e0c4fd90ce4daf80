package mpdp.backend.cuda;

import mpdp.MpdpException;

/** The dynamic shared memory that one block may have. */
final class SharedMemory {
  /** What a block of sm_90 can have, 227 KiB; the back end checks the limit of older devices. */
  static final int LARGEST = 227 * 1024;

  private SharedMemory() {}

  /**
   * {@code bytes}, if a block can have them.
   *
   * @throws MpdpException if it cannot
   */
  static int bytes(String kernel, long bytes) {
    if (bytes > LARGEST) {
      throw new MpdpException(
          "%s needs %d bytes of shared memory for these sizes, and a block has %d: use fewer members or narrower layers, or --backend cpu"
              .formatted(kernel, bytes, LARGEST));
    }
    return (int) bytes;
  }
}
