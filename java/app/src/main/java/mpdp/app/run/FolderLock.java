package mpdp.app.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;

/** Keeps a second process out of a folder. The system drops it when the process dies. */
public final class FolderLock implements AutoCloseable {
  private static final int TRIES = 20;
  private static final long PAUSE_MILLIS = 50;

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes a lock. Somebody who asks {@link #isHeld} holds it for an instant, so a second is spent
   * on trying again.
   *
   * @param file the lock's file, made where it is missing
   * @param busy the one line to say where another process holds it
   * @throws BusyException if another process holds it
   * @throws MpdpException if the file cannot be written
   */
  public static FolderLock take(Path file, String busy) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      for (int i = 0; i < TRIES; i++) {
        if (tryLock(channel) != null) {
          return new FolderLock(channel);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
      channel.close();
      throw new BusyException(busy);
    } catch (IOException e) {
      throw RunFiles.cannotWrite(file, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusyException(busy);
    }
  }

  /**
   * Whether a living process holds the lock; false where it cannot be asked. Not for a lock of this
   * very process: asking would drop it.
   */
  public static boolean isHeld(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return tryLock(channel) == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new MpdpException("cannot release a folder's lock: " + RunFiles.reason(e), e);
    }
  }
}
