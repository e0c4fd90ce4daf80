package mpdp.benchmark.harness;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.backend.Program;
import mpdp.backend.op.Precision;
import mpdp.backend.reference.ReferenceBackend;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Runs a recorded program again and again. Before that it runs it once on the chosen back end and
 * once on the reference back end, from the same state, and throws unless all outputs agree; after
 * it, unless they are finite.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public abstract class ProgramBenchmark {
  /**
   * Set to true in rounds that follow a first one of the same variant: the answer has been compared
   * with the reference, and is not compared again.
   */
  public static final String VERIFIED_PROPERTY = "mpdp.bench.verified";

  /** Steps of {@link #queued}. */
  private static final int IN_QUEUE = 50;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Where the ops run. */
  @Param("cpu")
  public String backend = "cpu";

  /** Threads of the back end. */
  @Param({"1", "2"})
  public int threads = 1;

  private Backend device;
  private Subject subject;
  private Program program;
  private @Nullable UnitProbe units;
  private UnitCosts costs = UnitCosts.UNKNOWN;

  /** Builds what is measured; the same state on every back end. */
  protected abstract Subject subject(Backend backend);

  /** The precision that a parameter names. */
  protected static Precision named(String precision) {
    return Precision.valueOf(precision.toUpperCase(Locale.ROOT));
  }

  /** What one run does, in the benchmark's unit. */
  protected double units() {
    return 1;
  }

  /** Opens the back end, checks its answer and publishes what a run takes. */
  @Setup(Level.Trial)
  public void prepare() {
    prepare(Backends.open(backend, threads));
  }

  /** As {@link #prepare()} on an open back end, which {@link #close} closes. */
  public final void prepare(Backend opened) {
    device = opened;
    Tally.peak(device.measurePeak());
    subject = subject(device);
    program = subject.program();
    program.run();
    if (!Boolean.getBoolean(VERIFIED_PROPERTY)) {
      verify(subject, device);
    }
    Tally.publish(Cost.of(program), units());
    units = device.name().equals("cpu") ? new UnitProbe(device, threads) : null;
    probeUnits();
  }

  /** What a step could take, and where the processors are: both drift with the machine. */
  private void probeUnits() {
    if (units != null) {
      costs = costs.least(units.measure());
      Tally.bound(costs.bound(program));
    }
    Tally.exchange(threads < 2 ? Double.NaN : Exchange.nanos());
  }

  /** Throws unless {@code actual}, which has run once on {@code backend}, agrees with reference. */
  protected void verify(Subject actual, Backend backend) {
    try (Backend reference = new ReferenceBackend(backend.floatProducts());
        Subject oracle = subject(new KeptPrograms(reference, backend))) {
      oracle.program().run();
      Comparison.check(oracle.program(), actual.program());
    }
  }

  /** Throws unless what {@code last} left after the measurement can be right. */
  protected void verifyLast(Program last) {
    Comparison.checkFinite(last);
  }

  /** The program of the step, once prepared. */
  public final Program program() {
    return program;
  }

  /** The step that is measured, its end on a GPU included. */
  @Benchmark
  public void run() {
    program.run();
    device.finish();
  }

  /**
   * Steps one after another before anybody waits for their end, as training queues its updates: a
   * GPU goes on to the next one by itself.
   */
  @Benchmark
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.SECONDS)
  @OperationsPerInvocation(IN_QUEUE)
  public void queued() {
    for (int step = 0; step < IN_QUEUE; step++) {
      program.run();
    }
    device.finish();
  }

  /** Measures the peak again, and what a run allocates: both belong to the same run as the time. */
  @TearDown(Level.Iteration)
  public void probe() {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    program.run();
    Tally.allocated(THREADS.getCurrentThreadAllocatedBytes() - before);
    Tally.peak(device.measurePeak());
    probeUnits();
  }

  /** Checks that the last answer is finite. */
  @TearDown(Level.Trial)
  public void close() {
    try (Backend closing = device;
        Subject closed = subject;
        UnitProbe probe = units) {
      verifyLast(closed.program());
    }
  }
}
