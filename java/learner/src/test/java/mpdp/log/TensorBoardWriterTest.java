package mpdp.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import mpdp.MpdpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardWriterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochMilli(1_700_000_000_500L), ZoneOffset.UTC);

  /** What TensorBoard 2.21's own RecordWriter and protocol buffers make of the same events. */
  private static final String GOLDEN =
      "1800000000000000a37f4b220900002040fc54d9411a0d627261696e2e4576656e743a322b353110"
          + "300000000000000095f5d05f0900002040fc54d94110ac022a220a120a0b6576616c2f7265747572"
          + "6e1500509a440a0c0a05616c70686115cdcc4c3e309e01b7";

  @TempDir Path folder;

  private byte[] file() throws IOException {
    return Files.readAllBytes(folder.resolve(TensorBoardWriter.FILE_NAME));
  }

  @Test
  void goldenFile() throws IOException {
    try (TensorBoardWriter writer = TensorBoardWriter.create(folder, CLOCK)) {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("eval/return", 1234.5);
      values.put("alpha", 0.2);
      writer.scalars(300, values);
    }
    assertThat(HexFormat.of().formatHex(file())).isEqualTo(GOLDEN);
  }

  @Test
  void theChecksumIsThatOfTfRecord() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    // CRC32C("123456789") = e3069283; rotated right by 15 and shifted by a282ead8.
    int expected = (0xe3069283 >>> 15 | 0xe3069283 << 17) + 0xa282ead8;
    assertThat(EventRecord.maskedCrc(digits, 0, 9)).isEqualTo(expected);
  }

  @Test
  void aResumedFileGoesOnAfterTheLastWholeRecord() throws IOException {
    byte[] first;
    try (TensorBoardWriter writer = TensorBoardWriter.create(folder, CLOCK)) {
      writer.scalar("a", 1, 1);
      first = file();
      writer.scalar("a", 2, 2);
    }
    byte[] whole = file();
    for (int length = first.length; length < whole.length; length++) {
      Files.write(folder.resolve(TensorBoardWriter.FILE_NAME), Arrays.copyOf(whole, length));
      try (TensorBoardWriter writer = TensorBoardWriter.resume(folder, 1, CLOCK)) {
        writer.scalar("a", 2, 2);
      }
      byte[] restart = EventRecord.restart(1_700_000_000.5, 2);
      byte[] expected =
          concat(first, restart, Arrays.copyOfRange(whole, first.length, whole.length));
      assertThat(file()).as("cut to %d bytes", length).isEqualTo(expected);
    }
  }

  @Test
  void aDamagedRecordAndWhatFollowsAreCutOff() throws IOException {
    try (TensorBoardWriter writer = TensorBoardWriter.create(folder, CLOCK)) {
      writer.scalar("a", 1, 1);
    }
    byte[] damaged = file();
    damaged[20] ^= 1;
    Files.write(folder.resolve(TensorBoardWriter.FILE_NAME), damaged);
    TensorBoardWriter.resume(folder, 1, CLOCK).close();
    assertThat(file()).isEqualTo(EventRecord.fileVersion(1_700_000_000.5));
  }

  @Test
  void resumingWithoutAFileStartsOne() throws IOException {
    TensorBoardWriter.resume(folder.resolve("new"), 7, CLOCK).close();
    assertThat(Files.readAllBytes(folder.resolve("new").resolve(TensorBoardWriter.FILE_NAME)))
        .isEqualTo(EventRecord.fileVersion(1_700_000_000.5));
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> TensorBoardWriter.create(blocked))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining(blocked.toString());
  }

  private static byte[] concat(byte[]... parts) {
    byte[] all = new byte[0];
    for (byte[] part : parts) {
      int from = all.length;
      all = Arrays.copyOf(all, from + part.length);
      System.arraycopy(part, 0, all, from, part.length);
    }
    return all;
  }
}
