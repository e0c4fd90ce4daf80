package mpdp.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import mpdp.MpdpException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path folder;
  Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("step.safetensors");
  }

  private static Checkpoint sample() {
    return new Checkpoint()
        .add("policy/weights", new long[] {2, 3}, new float[] {1, -2, Float.NaN, 4, 5, -0f})
        .add("counters", new long[] {2}, new long[] {Long.MIN_VALUE, 7})
        .add("elite", new long[] {3}, new int[] {4, 0, -1})
        .add("terminated", new long[] {5}, new byte[] {0, 1, 1, 0, -1})
        .add("empty", new long[] {0, 4}, new float[0])
        .add("scalar", new long[] {}, new float[] {0.5f})
        .put("task", "Hopper-v5")
        .put("odd \"key\"\n", "back\\slash \u00e9 \ud83d\ude00");
  }

  @Test
  void everythingComesBack() {
    sample().write(file);
    Checkpoint read = Checkpoint.read(file);
    assertThat(read.floats("policy/weights")).isEqualTo(sample().floats("policy/weights"));
    assertThat(read.tensor("policy/weights").shape()).containsExactly(2, 3);
    assertThat(read.longs("counters")).containsExactly(Long.MIN_VALUE, 7);
    assertThat(read.ints("elite")).containsExactly(4, 0, -1);
    assertThat(read.bytes("terminated")).containsExactly(0, 1, 1, 0, -1);
    assertThat(read.floats("empty")).isEmpty();
    assertThat(read.floats("scalar")).containsExactly(0.5f);
    assertThat(read.metadata()).isEqualTo(sample().metadata());
    assertThat(read.names()).containsExactlyElementsOf(sample().names());
  }

  @Test
  void bytesDependOnTheContentAlone() throws IOException {
    sample().write(file);
    Path second = folder.resolve("second");
    new Checkpoint()
        .add("b", new long[] {1}, new float[] {1})
        .add("a", new long[] {1}, new float[] {2})
        .put("z", "1")
        .put("y", "2")
        .write(file);
    new Checkpoint()
        .put("y", "2")
        .put("z", "1")
        .add("a", new long[] {1}, new float[] {2})
        .add("b", new long[] {1}, new float[] {1})
        .write(second);
    assertThat(second).hasSameBinaryContentAs(file);
  }

  @Test
  void aLargeOffHeapTensorIsStreamedBothWays() {
    long floats = 3_000_001;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment column = arena.allocate(floats * 4, 64);
      for (long i = 0; i < floats; i += 1000) {
        column.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      new Checkpoint()
          .add("odd", new long[] {1}, new byte[] {1})
          .add("replay", new long[] {floats}, column)
          .write(file);
      MemorySegment read = Checkpoint.read(file).segment("replay", TensorType.F32, floats);
      assertThat(read.mismatch(column)).isEqualTo(-1);
      assertThat(read.isReadOnly()).isTrue();
    }
  }

  @Test
  void aFlippedBitOfATensorAndEveryCutIsFound() throws IOException {
    sample().write(file);
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      Files.write(file, bad);
      int position = at;
      if (!inText(good, at)) {
        assertThatThrownBy(() -> Checkpoint.read(file))
            .as("bit flipped in byte %d", position)
            .isInstanceOf(MpdpException.class)
            .hasMessageNotContaining("\n");
      }
    }
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> Checkpoint.read(file)).isInstanceOf(MpdpException.class);
    }
  }

  /** The header guards structure; free text (names, metadata, padding) may change unnoticed. */
  private static boolean inText(byte[] file, int at) {
    long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return at >= 8 && at < 8 + header;
  }

  @Test
  void aFailedWriteKeepsTheOldFile() throws IOException {
    sample().write(file);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    channel -> {
                      channel.write(ByteBuffer.allocate(10));
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(MpdpException.class)
        .hasMessage(
            "Cannot write "
                + file
                + " (No space left on device): free disk space or choose another"
                + " folder; the previous file is kept");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aLeftoverOfAKilledWriterIsReplaced() throws IOException {
    Files.writeString(folder.resolve("step.safetensors.tmp"), "half");
    sample().write(file);
    assertThat(Checkpoint.read(file).get("task")).isEqualTo("Hopper-v5");
  }

  @Test
  void whatIsMissingOrDifferentIsNamed() {
    sample().write(file);
    Checkpoint read = Checkpoint.read(file);
    assertThatThrownBy(() -> read.floats("critic")).hasMessageContaining("no tensor 'critic'");
    assertThatThrownBy(() -> read.floats("elite")).hasMessageContaining("I32 where F32");
    assertThatThrownBy(() -> read.segment("scalar", TensorType.F32, 2))
        .hasMessageContaining("shape [] where [2]");
    assertThatThrownBy(() -> read.get("seed")).hasMessageContaining("'seed'");
    assertThatThrownBy(() -> Checkpoint.read(folder.resolve("none")))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("There is no file");
    assertThatThrownBy(() -> Checkpoint.read(folder)).isInstanceOf(MpdpException.class);
  }

  @Test
  void aForeignSafetensorsFileIsRefused() {
    Safetensors.write(file, new Safetensors.Content(Map.of(), Map.of()));
    assertThatThrownBy(() -> Checkpoint.read(file)).hasMessageContaining("no checkpoint of mpdp");
  }

  @Test
  void wrongTensorsAreRefusedAtOnce() {
    Checkpoint checkpoint = sample();
    assertThatThrownBy(() -> checkpoint.add("x", new long[] {3}, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs 12 bytes");
    assertThatThrownBy(() -> checkpoint.add("elite", new long[] {0}, new float[0]))
        .hasMessageContaining("taken");
    assertThatThrownBy(() -> checkpoint.put("crc32c", "0")).hasMessageContaining("reserved");
  }
}
