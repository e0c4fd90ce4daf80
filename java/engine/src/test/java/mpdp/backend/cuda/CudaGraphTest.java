package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Graphs run in the order of their edges, and the emulator finds an edge that is missing. */
class CudaGraphTest {
  private static final int OPS = 6;

  @BeforeAll
  static void needsTheEmulator() {
    TestBackends.names();
    String device = CudaBackend.status().detail();
    assumeTrue(device.startsWith("emulator"), device);
  }

  @Test
  void opsWaitForWhatTheyNeed() {
    for (int run = 0; run < 8; run++) {
      assertThat(copied(-1)).isEqualTo(7);
    }
  }

  /** By one of two launches at the latest: every other one runs what is ready last first. */
  @Test
  void anEdgeThatIsMissingIsFound() {
    for (int op = 1; op < OPS; op++) {
      boolean found = copied(op) != 7 || copied(op) != 7;
      assertThat(found).as("op %d waits for nothing", op).isTrue();
    }
  }

  /** What is left at the end of a chain of copies of 7, of which op {@code free} waits for none. */
  private static float copied(int free) {
    try (CudaBackend backend = new CudaBackend();
        TensorArena arena = backend.arena("chain");
        Arena parameters = Arena.ofShared()) {
      List<Buffer> chain = new ArrayList<>();
      for (int i = 0; i <= OPS; i++) {
        chain.add(arena.allocate(1));
      }
      chain.getFirst().write(7f);
      List<OpCalls> calls = new ArrayList<>();
      List<List<MemoryRange>> touched = new ArrayList<>();
      for (int i = 0; i < OPS; i++) {
        Operation copy = new Copy(1, chain.get(i), chain.get(i + 1));
        calls.add(new OpCalls("copy", Step.of(copy, CudaLimits.H100), backend, 0, parameters));
        touched.add(MemoryRange.of(copy, KernelLaunch.block("copy", 32)));
      }
      List<int[]> order = new ArrayList<>(Dependencies.of(touched));
      if (free >= 0) {
        order.set(free, new int[0]);
      }
      try (CudaGraph graph = new CudaGraph("chain", calls, order)) {
        assertThat(graph.launch(backend.cudaDevice().stream())).isZero();
        return chain.getLast().get(0);
      }
    }
  }
}
