package mpdp.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a file whole or not at all: written beside the target under another name, forced to the
 * disk, then moved over it. Whenever the process or the machine stops, the target holds either the
 * old bytes or the new ones.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the new content; may throw to abandon it. */
  @FunctionalInterface
  public interface Body {
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes {@code target} through {@code body}. One writer per target at a time.
   *
   * @throws MpdpException if anything fails; {@code target} is then what it was
   */
  public static void write(Path target, Body body) {
    Path absolute = target.toAbsolutePath();
    Path temporary = absolute.resolveSibling(absolute.getFileName() + ".tmp");
    try {
      // A killed process may have left its unfinished file behind.
      Files.deleteIfExists(temporary);
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        body.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(absolute.getParent());
    } catch (IOException | RuntimeException failure) {
      discard(temporary, failure);
      throw new MpdpException(
          "Cannot write "
              + target
              + " ("
              + reason(failure)
              + "): free disk space or choose another folder; the previous file is kept",
          failure);
    }
  }

  private static void discard(Path temporary, Exception failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }

  /** Makes the rename itself durable, where the platform lets a folder be opened. */
  private static void forceFolder(@Nullable Path folder) throws IOException {
    if (folder == null) {
      return;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException notOpenable) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }

  /** The failure in a few words of one line. */
  static String reason(Exception failure) {
    String kind = failure.getClass().getSimpleName();
    String message = failure.getMessage();
    if (message == null) {
      return kind;
    }
    boolean told = message.contains(" ") && failure instanceof IOException;
    String reason = told ? message : kind + ": " + message;
    return reason.lines().findFirst().orElse(kind);
  }
}
