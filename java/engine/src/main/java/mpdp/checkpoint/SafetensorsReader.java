package mpdp.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;

/** Reads safetensors files, checking every number of the header before any tensor is touched. */
public final class SafetensorsReader {
  /** The limit of the format's own library. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsReader() {}

  /**
   * Maps {@code path} and returns views of it, read-only; the mapping lives as long as any of them.
   *
   * @throws MpdpException if the file is missing, cut short, inconsistent or of an unknown type
   */
  public static Safetensors.Content read(Path path) {
    MemorySegment file = map(path);
    try {
      return parse(file);
    } catch (IllegalArgumentException fault) {
      throw damaged(path, String.valueOf(fault.getMessage()), fault);
    }
  }

  static MpdpException damaged(Path path, String what, @Nullable Throwable cause) {
    String message =
        path
            + " is not a usable safetensors file: "
            + what
            + "; use another checkpoint or write it again";
    return cause == null ? new MpdpException(message) : new MpdpException(message, cause);
  }

  private static MemorySegment map(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      // An automatic arena: views are handed out freely, and an unmapped one would crash its user.
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (NoSuchFileException missing) {
      throw new MpdpException("There is no file " + path + ": check the path", missing);
    } catch (IOException failure) {
      throw new MpdpException(
          "Cannot read "
              + path
              + " ("
              + AtomicFile.reason(failure)
              + "): check that it is a file you may read",
          failure);
    }
  }

  private static Safetensors.Content parse(MemorySegment file) {
    require(file.byteSize() > Long.BYTES, "it is only " + file.byteSize() + " bytes long");
    long length = file.get(LENGTH, 0);
    require(
        length >= 2 && length <= LONGEST_HEADER && length <= file.byteSize() - Long.BYTES,
        "its first 8 bytes announce a header of "
            + Long.toUnsignedString(length)
            + " bytes in a file of "
            + file.byteSize());
    Map<String, Object> header = HeaderJson.parse(utf8(file.asSlice(Long.BYTES, length)));
    Object metadata = header.remove(Safetensors.METADATA);
    MemorySegment payload = file.asSlice(Long.BYTES + length);
    List<Span> spans = new ArrayList<>();
    header.forEach((name, value) -> spans.add(Span.of(name, value)));
    spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long end = 0;
    for (Span span : spans) {
      require(span.begin >= end, "tensor '" + span.name + "' overlaps the one before it");
      require(span.begin == end, "there is a gap before tensor '" + span.name + "'");
      require(
          span.end <= payload.byteSize(),
          "it is cut short: tensor '"
              + span.name
              + "' ends at byte "
              + span.end
              + " of "
              + payload.byteSize());
      tensors.put(span.name, span.tensor(payload));
      end = span.end;
    }
    require(
        end == payload.byteSize(), (payload.byteSize() - end) + " bytes follow the last tensor");
    return new Safetensors.Content(tensors, strings(metadata));
  }

  private static String utf8(MemorySegment bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
    } catch (CharacterCodingException fault) {
      throw new IllegalArgumentException("its header is not UTF-8 text", fault);
    }
  }

  private static Map<String, String> strings(@Nullable Object metadata) {
    Map<String, String> strings = new LinkedHashMap<>();
    if (metadata != null) {
      require(metadata instanceof Map, "its metadata is not an object");
      ((Map<?, ?>) metadata)
          .forEach(
              (key, value) -> {
                require(value instanceof String, "metadata '" + key + "' is not a string");
                strings.put((String) key, (String) value);
              });
    }
    return strings;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** One entry of the header. */
  private record Span(String name, TensorType type, long[] shape, long begin, long end) {
    static Span of(String name, Object value) {
      String tensor = "tensor '" + name + "'";
      require(value instanceof Map, tensor + " is not an object");
      Map<?, ?> fields = (Map<?, ?>) value;
      String dtype = String.valueOf(fields.get("dtype"));
      TensorType type =
          TensorType.named(dtype)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          tensor + " has type " + dtype + " (known: F32, I32, I64, U8)"));
      long[] shape = longs(fields.get("shape"), tensor + " has no shape");
      long[] offsets = longs(fields.get("data_offsets"), tensor + " has no offsets");
      require(
          fields.size() == 3 && offsets.length == 2 && offsets[0] <= offsets[1],
          tensor + " is described wrongly");
      long bytes = Tensor.byteSize(type, shape);
      require(
          bytes == offsets[1] - offsets[0],
          tensor + " needs " + bytes + " bytes and has " + (offsets[1] - offsets[0]));
      return new Span(name, type, shape, offsets[0], offsets[1]);
    }

    Tensor tensor(MemorySegment payload) {
      return new Tensor(type, shape, payload.asSlice(begin, end - begin));
    }

    private static long[] longs(@Nullable Object value, String otherwise) {
      if (!(value instanceof List<?> list)) {
        throw new IllegalArgumentException(otherwise);
      }
      long[] longs = new long[list.size()];
      for (int i = 0; i < longs.length; i++) {
        require(list.get(i) instanceof Long, otherwise);
        longs[i] = (Long) list.get(i);
      }
      return longs;
    }
  }
}
