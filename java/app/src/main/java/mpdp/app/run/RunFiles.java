package mpdp.app.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import mpdp.MpdpException;
import mpdp.checkpoint.AtomicFile;

/** Small files, replaced whole or not at all, and file failures told in one line. */
public final class RunFiles {
  private RunFiles() {}

  /** Writes text in UTF-8, as {@link #write(Path, byte[])} does. */
  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes bytes.
   *
   * @throws MpdpException with one line that names the file; what it held before is kept
   */
  public static void write(Path file, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    AtomicFile.write(
        file,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /** The one-line failure for a file that cannot be written. */
  public static MpdpException cannotWrite(Path file, IOException cause) {
    return new MpdpException("cannot write " + file + ": " + reason(cause), cause);
  }

  /** Why a file operation failed, in words and without the path. */
  public static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
