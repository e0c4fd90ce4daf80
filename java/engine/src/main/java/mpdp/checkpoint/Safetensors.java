package mpdp.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mpdp.MpdpException;

/**
 * Writes safetensors files: 8 bytes of header length, a JSON header, the tensors without gaps. The
 * bytes depend on the content alone: metadata sorted by key, tensors by falling element size (so
 * that each is aligned to its own) and then by name.
 *
 * @see SafetensorsReader
 */
public final class Safetensors {
  static final String METADATA = "__metadata__";
  private static final int CHUNK = 1 << 20;
  private static final int ALIGNMENT = 8;

  private Safetensors() {}

  /** What a file holds: tensors in file order and the string metadata. */
  public record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  /**
   * Writes {@code path} atomically.
   *
   * @throws MpdpException if the file cannot be written; an earlier file then stays
   */
  public static void write(Path path, Content content) {
    Map<String, Tensor> ordered = ordered(content.tensors());
    byte[] header = header(ordered, content.metadata()).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        path,
        channel -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          writeFully(channel, length.putLong(header.length).flip());
          writeFully(channel, ByteBuffer.wrap(header));
          for (Tensor tensor : ordered.values()) {
            forEachChunk(tensor.data(), chunk -> writeFully(channel, chunk));
          }
        });
  }

  /** The tensors in the order in which a file holds them. */
  static Map<String, Tensor> ordered(Map<String, Tensor> tensors) {
    Comparator<Map.Entry<String, Tensor>> largestElementFirst =
        Comparator.comparingInt(entry -> -entry.getValue().type().bytes());
    List<Map.Entry<String, Tensor>> entries =
        tensors.entrySet().stream()
            .sorted(largestElementFirst.thenComparing(Map.Entry.comparingByKey()))
            .toList();
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    entries.forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  private static String header(Map<String, Tensor> ordered, Map<String, String> metadata) {
    StringBuilder out = new StringBuilder("{");
    String separator = "";
    if (!metadata.isEmpty()) {
      out.append('"').append(METADATA).append("\":{");
      for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
        HeaderJson.quote(out.append(separator), entry.getKey());
        HeaderJson.quote(out.append(':'), entry.getValue());
        separator = ",";
      }
      out.append('}');
      separator = ",";
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : ordered.entrySet()) {
      HeaderJson.quote(out.append(separator), entry.getKey());
      appendTensor(out, entry.getValue(), offset);
      offset += entry.getValue().data().byteSize();
      separator = ",";
    }
    out.append('}');
    int bytes = out.toString().getBytes(StandardCharsets.UTF_8).length;
    return out.append(" ".repeat(Math.floorMod(-bytes, ALIGNMENT))).toString();
  }

  private static void appendTensor(StringBuilder out, Tensor tensor, long offset) {
    out.append(":{\"dtype\":\"").append(tensor.type()).append("\",\"shape\":[");
    String separator = "";
    for (long dimension : tensor.shape()) {
      out.append(separator).append(dimension);
      separator = ",";
    }
    out.append("],\"data_offsets\":[").append(offset).append(',');
    out.append(offset + tensor.data().byteSize()).append("]}");
  }

  /** Takes a piece of a segment. */
  @FunctionalInterface
  interface ChunkSink {
    void accept(ByteBuffer chunk) throws IOException;
  }

  /**
   * Hands out a segment piece by piece: views of off-heap memory, one small staging buffer for
   * arrays, so that a replay buffer is never copied as a whole.
   */
  static void forEachChunk(MemorySegment data, ChunkSink sink) throws IOException {
    ByteBuffer staging = data.isNative() ? null : ByteBuffer.allocateDirect(CHUNK);
    for (long from = 0; from < data.byteSize(); from += CHUNK) {
      MemorySegment piece = data.asSlice(from, Math.min(CHUNK, data.byteSize() - from));
      if (staging == null) {
        sink.accept(piece.asByteBuffer());
      } else {
        MemorySegment.ofBuffer(staging.clear()).copyFrom(piece);
        sink.accept(staging.limit((int) piece.byteSize()));
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
