package mpdp.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * TensorBoard's events as bytes: protocol buffers (the few fields that scalars need) in TFRecord
 * frames, which are the length, its masked CRC32C, the data and their masked CRC32C.
 */
final class EventRecord {
  /** Bytes that a frame puts before the data and after them. */
  static final int HEAD = Long.BYTES + Integer.BYTES;

  static final int FOOT = Integer.BYTES;

  private static final int MASK_DELTA = 0xa282ead8;

  // Tags of protocol buffers: field number * 8 + wire type (0 varint, 1 fixed64, 2 bytes, 5
  // fixed32).
  private static final int EVENT_WALL_TIME = 1 << 3 | 1;
  private static final int EVENT_STEP = 2 << 3;
  private static final int EVENT_FILE_VERSION = 3 << 3 | 2;
  private static final int EVENT_SUMMARY = 5 << 3 | 2;
  private static final int EVENT_SESSION_LOG = 7 << 3 | 2;
  private static final int SUMMARY_VALUE = 1 << 3 | 2;
  private static final int VALUE_TAG = 1 << 3 | 2;
  private static final int VALUE_SIMPLE = 2 << 3 | 5;
  private static final int SESSION_STATUS = 1 << 3;
  private static final int SESSION_START = 1;

  private static final int LONGEST_VARINT = 10;

  private EventRecord() {}

  /** The first event of every file. */
  static byte[] fileVersion(double wallTime) {
    byte[] version = "brain.Event:2".getBytes(StandardCharsets.UTF_8);
    return event(wallTime, 0, EVENT_FILE_VERSION, version);
  }

  /** Tells readers to forget what they have seen from {@code step} on. */
  static byte[] restart(double wallTime, long step) {
    return event(wallTime, step, EVENT_SESSION_LOG, new byte[] {SESSION_STATUS, SESSION_START});
  }

  /** One value for each name. */
  static byte[] scalars(double wallTime, long step, Map<String, Double> values) {
    int size = 0;
    for (String name : values.keySet()) {
      size += name.length() * 3 + 4 * LONGEST_VARINT;
    }
    ByteBuffer summary = buffer(size);
    values.forEach(
        (name, value) -> {
          byte[] tag = name.getBytes(StandardCharsets.UTF_8);
          ByteBuffer entry = buffer(tag.length + 2 * LONGEST_VARINT);
          bytes(entry, VALUE_TAG, tag);
          entry.put((byte) VALUE_SIMPLE).putFloat(value.floatValue());
          bytes(summary, SUMMARY_VALUE, written(entry));
        });
    return event(wallTime, step, EVENT_SUMMARY, written(summary));
  }

  private static byte[] event(double wallTime, long step, int tag, byte[] content) {
    ByteBuffer event = buffer(content.length + 4 * LONGEST_VARINT);
    event.put((byte) EVENT_WALL_TIME).putDouble(wallTime);
    if (step != 0) {
      varint(event.put((byte) EVENT_STEP), step);
    }
    bytes(event, tag, content);
    return frame(written(event));
  }

  private static byte[] frame(byte[] data) {
    ByteBuffer frame = buffer(HEAD + data.length + FOOT).putLong(data.length);
    frame.putInt(maskedCrc(frame.array(), 0, Long.BYTES));
    return frame.put(data).putInt(maskedCrc(data, 0, data.length)).array();
  }

  /** The checksum of TFRecord files: rotated, so that it differs from that of stored CRCs. */
  static int maskedCrc(byte[] data, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(data, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private static void bytes(ByteBuffer out, int tag, byte[] content) {
    varint(out.put((byte) tag), content.length);
    out.put(content);
  }

  private static void varint(ByteBuffer out, long value) {
    while ((value & ~0x7FL) != 0) {
      out.put((byte) (value & 0x7F | 0x80));
      value >>>= 7;
    }
    out.put((byte) value);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] written(ByteBuffer buffer) {
    byte[] written = new byte[buffer.position()];
    buffer.get(0, written);
    return written;
  }
}
