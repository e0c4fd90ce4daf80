package mpdp.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.concurrent.FutureTask;
import mpdp.backend.Program;
import mpdp.backend.op.Fill;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;

/** What a team's barriers cost where its threads have one processor between them. */
class CpuWaitTest {
  private static final int OPS = 1000;
  private static final int RUNS = 20;

  /** A thread that spins holds the processor for 20 us before the other may go on: 12 us per op. */
  @Test
  void threadsOnOneProcessorSleepInsteadOfSpinning() throws Exception {
    FutureTask<Double> measured = new FutureTask<>(CpuWaitTest::microsecondsPerOp);
    // On a thread of its own, since those that it starts inherit its processor.
    new Thread(measured, "one-processor").start();
    assertThat(measured.get()).as("processor time of the caller, us per op").isLessThan(5);
  }

  private static double microsecondsPerOp() throws Exception {
    stayOnOneProcessor();
    try (CpuBackend team = new CpuBackend(2);
        TensorArena arena = team.arena("test");
        Program program = fills(team, arena.allocate(16))) {
      program.run();
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < RUNS; i++) {
        program.run();
      }
      long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      return (end - start) / 1e3 / OPS / RUNS;
    }
  }

  private static Program fills(CpuBackend team, Buffer buffer) {
    return team.record(
        "fills",
        recorder -> {
          for (int i = 0; i < OPS; i++) {
            recorder.add(new Fill(buffer.words(), i, buffer));
          }
        });
  }

  /** Binds the calling thread, and what it starts, to the processor that it runs on. */
  private static void stayOnOneProcessor() throws Exception {
    FunctionDescriptor current = FunctionDescriptor.of(JAVA_INT);
    FunctionDescriptor bind = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      int processor = (int) function("sched_getcpu", current).invokeExact();
      MemorySegment mask = arena.allocate(128, 8); // cpu_set_t
      mask.set(JAVA_LONG, processor / 64 * 8L, 1L << processor % 64);
      int failed = (int) function("sched_setaffinity", bind).invokeExact(0, 128L, mask);
      assertThat(failed).isZero();
    } catch (Throwable e) {
      throw new Exception(e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }
}
