package mpdp.app.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;

/** Keeps a second process out of a run's folder. The system drops it when the process dies. */
final class RunLock implements AutoCloseable {
  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the folder's lock.
   *
   * @throws MpdpException if another run holds it or the folder cannot be written
   */
  static RunLock take(Path folder) {
    Path file = folder.resolve("run.lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new MpdpException(
            "another process is running in " + folder + "; wait for it to end or stop it first");
      }
      return new RunLock(channel);
    } catch (IOException e) {
      throw RunFiles.cannotWrite(file, e);
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
      throw new MpdpException("cannot release the run's lock: " + RunFiles.reason(e), e);
    }
  }
}
