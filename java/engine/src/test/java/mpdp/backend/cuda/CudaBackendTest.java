package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import mpdp.backend.Backend;
import mpdp.backend.BackendStatus;
import mpdp.backend.Backends;
import mpdp.backend.Program;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Fill;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaBackendTest {
  @BeforeAll
  static void needsADevice() {
    TestBackends.names();
    assumeTrue(CudaBackend.status().available(), () -> CudaBackend.status().detail());
  }

  @AfterEach
  void endDebugging() {
    System.clearProperty(CudaBackend.DEBUG_PROPERTY);
  }

  @Test
  void theEmulatorSaysSoAndIsNeverChosen() {
    BackendStatus status = CudaBackend.status();
    if (status.detail().startsWith("emulator")) {
      assertThat(status.automatic()).isFalse();
      try (Backend automatic = Backends.open(Backends.AUTO, 1)) {
        assertThat(automatic.name()).isNotEqualTo("cuda");
      }
    }
  }

  @Test
  void copiesOfAnySizeAndPlaceArrive() {
    int words = (4 << 18) * 2 + 77; // two and a bit of the pinned buffer
    try (Backend backend = Backends.open("cuda", 0);
        TensorArena arena = backend.arena("copies")) {
      Buffer buffer = arena.allocate(words + 3);
      assertThat(buffer.get(words)).isZero();
      float[] values = new float[words];
      for (int i = 0; i < words; i++) {
        values[i] = i;
      }
      buffer.slice(2, words).write(values);
      assertThat(buffer.get(1)).isZero();
      assertThat(buffer.get(2 + 5)).isEqualTo(5);
      assertThat(buffer.get(words + 2)).isZero();
      assertThat(buffer.slice(2, words).floats()).isEqualTo(values);
      assertThatThrownBy(() -> buffer.get(words + 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void opsRunInOrderManyTimes(boolean debug) {
    System.setProperty(CudaBackend.DEBUG_PROPERTY, Boolean.toString(debug));
    try (Backend backend = Backends.open("cuda", 0);
        TensorArena arena = backend.arena("test")) {
      Buffer a = arena.allocate(1003);
      Buffer b = arena.allocate(1003);
      Buffer c = arena.allocate(1003);
      try (Program program =
          backend.record(
              "chain",
              recorder -> {
                recorder.add(new Copy(1003, b, c));
                recorder.add(new Copy(1003, a, b));
                recorder.add(new Fill(1, 9, b));
              })) {
        assertThat(program.operations()).hasSize(3);
        float[] eights = new float[1003];
        Arrays.fill(eights, 8);
        a.write(eights);
        for (int i = 0; i < 3000; i++) {
          program.run();
        }
      }
      assertThat(c.get(0)).isEqualTo(9);
      assertThat(c.get(1002)).isEqualTo(8);
    }
  }

  @Test
  void aRunIsGoodFromAnyThread() throws InterruptedException {
    try (Backend backend = Backends.open("cuda", 0);
        TensorArena arena = backend.arena("test")) {
      Buffer a = arena.allocate(10);
      Program program = backend.record("fill", recorder -> recorder.add(new Fill(10, 3, a)));
      Thread other = new Thread(program::run);
      other.start();
      other.join();
      assertThat(a.get(9)).isEqualTo(3);
      program.close();
    }
  }

  @Test
  void closedThingsAreErrorsRatherThanCrashes() {
    Backend backend = Backends.open("cuda", 0);
    TensorArena arena = backend.arena("short");
    Buffer buffer = arena.allocate(4);
    Program program = backend.record("fill", recorder -> recorder.add(new Fill(4, 1, buffer)));
    arena.close();
    assertThatThrownBy(program::run).hasMessageContaining("closed arena");
    assertThatThrownBy(() -> buffer.get(0)).hasMessageContaining("closed arena short");
    assertThatThrownBy(() -> arena.allocate(1)).hasMessageContaining("short is closed");
    program.close();
    program.close();
    assertThatThrownBy(program::run).hasMessageContaining("program fill is closed");
    backend.close();
    backend.close();
    assertThatThrownBy(() -> backend.arena("late").allocate(1))
        .hasMessageContaining("back end is closed");
  }

  @Test
  void memoryOfAnotherOfItsKindIsRefused() {
    try (Backend one = Backends.open("cuda", 0);
        Backend two = Backends.open("cuda", 0);
        TensorArena arena = one.arena("one")) {
      Buffer buffer = arena.allocate(4);
      assertThatThrownBy(() -> two.run(new Fill(4, 1, buffer)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another back end");
    }
  }
}
