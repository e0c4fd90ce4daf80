package mpdp.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import mpdp.MpdpException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir Path folder;
  Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("golden.safetensors");
  }

  @Test
  void goldenBytes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("u", tensor(TensorType.U8, new long[] {3}, "010203"));
    tensors.put("w", tensor(TensorType.F32, new long[] {2, 1}, "0000803f000000c0"));
    Safetensors.write(file, new Safetensors.Content(tensors, Map.of("k", "v")));
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
            + "\"u\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[8,11]}}  ";
    assertThat(header.length()).isEqualTo(0x88);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(HexFormat.of().formatHex(bytes, 0, 8)).isEqualTo("8800000000000000");
    assertThat(new String(bytes, 8, 0x88, StandardCharsets.UTF_8)).isEqualTo(header);
    assertThat(HexFormat.of().formatHex(bytes, 8 + 0x88, bytes.length))
        .isEqualTo("0000803f000000c0010203");
  }

  @Test
  void aHeaderOfAnotherWriterIsRead() throws IOException {
    raw(" { \"a\\u0062\" : {\"shape\":[ 1 ],\"data_offsets\":[0,4] ,\"dtype\":\"I32\"} } ", 4);
    assertThat(SafetensorsReader.read(file).tensors()).containsOnlyKeys("ab");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 3 | cut short",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 5 | 1 bytes follow",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}} | 8 | has type F64",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,4]}} | 4 | needs 3 bytes",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,0]}} | 4 | described wrongly",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}} | 2 | a gap before",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}} | 3 | overlaps",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[9000000000,9000000000],\"data_offsets\":[0,1]}} | 1"
            + " | too large",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]}} | 1 | expected a value",
        "{\"a\":1} | 0 | is not an object",
        "{\"__metadata__\":{\"k\":1}} | 0 | not a string",
        "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}} | 0 | occurs twice",
        "{}{} | 0 | after the end",
        "[[[[[[[[[[]]]]]]]]]] | 0 | expected '{'",
        "{\"a\":[[[[[[[[[1]]]]]]]]]} | 0 | nested too deeply",
      })
  void aWrongHeaderIsNamed(String header, int payload, String what) throws IOException {
    raw(header, payload);
    assertThatThrownBy(() -> SafetensorsReader.read(file))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining(what)
        .hasMessageNotContaining("\n");
  }

  @Test
  void anAbsurdHeaderLengthIsNamed() throws IOException {
    Files.write(file, HexFormat.of().parseHex("ffffffffffffffff7b7d"));
    assertThatThrownBy(() -> SafetensorsReader.read(file))
        .hasMessageContaining("a header of 18446744073709551615 bytes in a file of 10");
  }

  private void raw(String header, int payload) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + payload);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
    Files.write(file, bytes.array());
  }

  private static Tensor tensor(TensorType type, long[] shape, String hex) {
    return new Tensor(type, shape, MemorySegment.ofArray(HexFormat.of().parseHex(hex)));
  }
}
