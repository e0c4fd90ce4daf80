package mpdp;

/** Wrong use: an unknown name, a value out of range, a malformed file. Exit code 2. */
public final class UsageException extends MpdpException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
