package mpdp.backend;

/**
 * Whether a back end can run here.
 *
 * @param name what {@code --backend} takes
 * @param automatic whether auto may take it; the emulator that tests use has to be named
 * @param detail the device when available, otherwise why it is not
 */
public record BackendStatus(String name, boolean available, boolean automatic, String detail) {
  /** A back end that auto takes wherever it is available. */
  public BackendStatus(String name, boolean available, String detail) {
    this(name, available, available, detail);
  }
}
