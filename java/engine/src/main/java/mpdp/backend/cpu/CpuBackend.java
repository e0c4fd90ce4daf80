package mpdp.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.backend.Backend;
import mpdp.backend.BusyTime;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Operation;
import mpdp.tensor.HostArena;
import mpdp.tensor.TensorArena;

/**
 * Native kernels on a team of threads over host memory. The instruction set is the best that the
 * CPU has, or the one that the system property {@value #ISA_PROPERTY} names.
 */
public final class CpuBackend implements Backend {
  /**
   * Names the instruction set to use: baseline, avx2, avx512, amx (AVX-512 with tile registers), or
   * amx_split, which is never chosen unasked: it multiplies networks' floats by tile registers,
   * too, split into two bfloat16 values each, 16 to 17 bits.
   */
  public static final String ISA_PROPERTY = "mpdp.cpu.isa";

  /** What a thread's share of the caches holds, of a tape that is to be found there again. */
  private static final long TAPE_BYTES = 2 << 20;

  private final int threads;
  private final BusyTime busy = new BusyTime();
  private long engine;

  /**
   * Starts the team.
   *
   * @param threads threads that run a program together, the calling one included; at least 1
   * @throws MpdpException if the library cannot be loaded or the CPU lacks the instruction set
   */
  public CpuBackend(int threads) {
    this(threads, System.getProperty(ISA_PROPERTY, ""));
  }

  /** As {@link #CpuBackend(int)}, with instruction set {@code isa}; "" for the best. */
  public CpuBackend(int threads, String isa) {
    if (threads < 1) {
      throw new UsageException("the cpu back end needs at least one thread, not " + threads);
    }
    this.threads = threads;
    this.engine = create(threads, isa);
  }

  /** One thread for each processor that this JVM may use. */
  public static int defaultThreads() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static long create(int threads, String isa) {
    List<String> names = instructionSets();
    int index = isa.isEmpty() ? -1 : names.indexOf(isa);
    if (!isa.isEmpty() && index < 0) {
      throw new UsageException(
          "unknown instruction set %s: set %s to one of %s"
              .formatted(isa, ISA_PROPERTY, String.join(", ", names)));
    }
    long engine = NativeCalls.create(threads, index);
    if (engine == 0) {
      throw new MpdpException(
          index < 0
              ? "the cpu back end needs a CPU with SSE4.2; use --backend reference"
              : "this CPU lacks %s: unset %s to use the best it has".formatted(isa, ISA_PROPERTY));
    }
    return engine;
  }

  private static List<String> instructionSets() {
    NativeLibrary.symbols(); // fails with a message of its own, unlike a class initialiser
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(NativeCalls::isaName)
        .takeWhile(name -> !name.isEmpty())
        .toList();
  }

  /** The instruction set in use, one of those of {@value #ISA_PROPERTY}. */
  public String instructionSet() {
    return NativeCalls.isaName(NativeCalls.isa(engine()));
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String device() {
    return instructionSet() + ", " + threads + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public double measurePeak() {
    return NativeCalls.peak(NativeCalls.isa(engine()), threads);
  }

  @Override
  public FloatProducts floatProducts() {
    return instructionSet().endsWith("_split") ? FloatProducts.SPLIT : FloatProducts.WHOLE;
  }

  @Override
  public TensorArena arena(String label) {
    return new HostArena(label);
  }

  @Override
  public Program record(String label, Consumer<Recorder> body) {
    List<Operation> operations = new ArrayList<>();
    body.accept(operations::add);
    return new CpuProgram(this, label, operations);
  }

  @Override
  public List<Backend> divide(int parts) {
    List<Backend> divided = new ArrayList<>();
    try {
      while (divided.size() < parts) {
        divided.add(new CpuBackend(Math.max(1, threads / parts), instructionSet()));
      }
    } catch (MpdpException failure) {
      divided.forEach(Backend::close);
      throw failure;
    }
    return divided;
  }

  /** As many as their tapes fit, but at least one for each thread. */
  @Override
  public int membersAtOnce(MlpShape shape, int rows) {
    long bytes = Float.BYTES * shape.tapeWords(1, rows);
    long fit = Math.max(threads, threads * TAPE_BYTES / bytes);
    return (int) Math.min(shape.members(), fit);
  }

  @Override
  public long busyNanos() {
    return busy.nanos();
  }

  BusyTime busy() {
    return busy;
  }

  long engine() {
    if (engine == 0) {
      throw new IllegalStateException("the cpu back end is closed");
    }
    return engine;
  }

  @Override
  public void close() {
    if (engine != 0) {
      NativeCalls.destroy(engine);
      engine = 0;
    }
  }
}
