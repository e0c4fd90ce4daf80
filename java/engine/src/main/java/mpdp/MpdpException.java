package mpdp;

/**
 * A failure that the user can act on. The message is one line that says what is wrong and what to
 * do; the command line prints it as it stands and ends with exit code 1.
 */
public class MpdpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MpdpException(String message) {
    super(message);
  }

  public MpdpException(String message, Throwable cause) {
    super(message, cause);
  }
}
