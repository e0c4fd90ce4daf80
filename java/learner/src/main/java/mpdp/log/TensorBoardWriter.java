package mpdp.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Map;
import mpdp.MpdpException;

/**
 * Writes scalars where TensorBoard finds them: one event file in a folder. Every call ends in one
 * write to the file, so a killed run leaves at most one broken record, which {@link #resume} cuts
 * off. Not safe for use by several threads.
 */
public final class TensorBoardWriter implements AutoCloseable {
  /** The file's name; TensorBoard looks for "tfevents". */
  public static final String FILE_NAME = "events.out.tfevents.mpdp";

  private static final int LONGEST_RECORD = 1 << 24;

  private final Path file;
  private final FileChannel channel;
  private final Clock clock;

  private TensorBoardWriter(Path file, FileChannel channel, Clock clock) {
    this.file = file;
    this.channel = channel;
    this.clock = clock;
  }

  /**
   * Starts a new file in {@code folder}, which is created if need be; an old file is replaced.
   *
   * @throws MpdpException if it cannot be written
   */
  public static TensorBoardWriter create(Path folder) {
    return create(folder, Clock.systemUTC());
  }

  static TensorBoardWriter create(Path folder, Clock clock) {
    TensorBoardWriter writer = open(folder, clock, StandardOpenOption.TRUNCATE_EXISTING);
    writer.append(EventRecord.fileVersion(writer.now()));
    return writer;
  }

  /**
   * Goes on with the file in {@code folder}, or starts one. What follows {@code step} in it, logged
   * by a run that was killed after its last checkpoint, is declared void.
   *
   * @param step the step from which the run resumes
   * @throws MpdpException if it cannot be read or written
   */
  public static TensorBoardWriter resume(Path folder, long step) {
    return resume(folder, step, Clock.systemUTC());
  }

  static TensorBoardWriter resume(Path folder, long step, Clock clock) {
    if (!Files.exists(folder.resolve(FILE_NAME))) {
      return create(folder, clock);
    }
    TensorBoardWriter writer = open(folder, clock, StandardOpenOption.READ);
    long end = writer.cutBrokenTail();
    double now = writer.now();
    writer.append(end == 0 ? EventRecord.fileVersion(now) : EventRecord.restart(now, step + 1));
    return writer;
  }

  private static TensorBoardWriter open(Path folder, Clock clock, StandardOpenOption how) {
    Path file = folder.resolve(FILE_NAME);
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
      return new TensorBoardWriter(file, channel, clock);
    } catch (IOException failure) {
      throw failed(file, failure);
    }
  }

  /** Logs one value. */
  public void scalar(String name, long step, double value) {
    scalars(step, Map.of(name, value));
  }

  /** Logs several values of one step, in the map's order. */
  public void scalars(long step, Map<String, Double> values) {
    append(EventRecord.scalars(now(), step, values));
  }

  private double now() {
    return clock.millis() / 1e3;
  }

  private void append(byte[] record) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(record);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException failure) {
      throw failed(file, failure);
    }
  }

  /** Truncates after the last whole record and returns the length that is left. */
  private long cutBrokenTail() {
    try {
      long end = 0;
      for (long size = recordSize(end); size > 0; size = recordSize(end)) {
        end += size;
      }
      channel.truncate(end);
      channel.position(end);
      return end;
    } catch (IOException failure) {
      throw failed(file, failure);
    }
  }

  /** The bytes of the record at {@code start}, or 0 if there is no whole one. */
  private long recordSize(long start) throws IOException {
    byte[] head = read(start, EventRecord.HEAD);
    if (head.length < EventRecord.HEAD
        || EventRecord.maskedCrc(head, 0, Long.BYTES) != little(head).getInt(Long.BYTES)) {
      return 0;
    }
    long length = little(head).getLong(0);
    if (length < 0 || length > LONGEST_RECORD) {
      return 0;
    }
    int rest = (int) length + EventRecord.FOOT;
    byte[] data = read(start + EventRecord.HEAD, rest);
    boolean whole =
        data.length == rest
            && EventRecord.maskedCrc(data, 0, (int) length) == little(data).getInt((int) length);
    return whole ? EventRecord.HEAD + rest : 0;
  }

  /** Up to {@code count} bytes from {@code start}, fewer at the end of the file. */
  private byte[] read(long start, int count) throws IOException {
    int there = (int) Math.clamp(channel.size() - start, 0, count);
    ByteBuffer bytes = ByteBuffer.allocate(there);
    int got = 0;
    while (got >= 0 && bytes.hasRemaining()) {
      got = channel.read(bytes, start + bytes.position());
    }
    return bytes.array();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static MpdpException failed(Path file, IOException failure) {
    return new MpdpException(
        "Cannot write "
            + file
            + " ("
            + failure.getMessage()
            + "): free disk space or choose another run folder",
        failure);
  }

  /** Closes the file. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw failed(file, failure);
    }
  }
}
