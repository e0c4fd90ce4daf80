package mpdp.benchmark;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import mpdp.benchmark.harness.OpenLoop;
import mpdp.benchmark.harness.Shape;
import mpdp.benchmark.harness.Tally;
import mpdp.env.TaskOptions;
import mpdp.env.Tasks;
import mpdp.env.VectorEnvironment;
import mpdp.env.mujoco.MujocoSimulator;
import mpdp.env.mujoco.MujocoTask;
import mpdp.random.RandomStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A step of a batch of MuJoCo environments with random actions: observations, rewards, ends and
 * resets. Beside it the same physics without any of that: mj_step alone on as many simulations, in
 * rollouts of {@value #ROLLOUT} steps. Both throw unless their first steps agree. Unit: environment
 * steps.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class EnvironmentStep {
  /** Steps of an open-loop rollout before it starts again. */
  private static final int ROLLOUT = 100;

  /** Batches of actions that steps take in turns. */
  private static final int ACTIONS = 64;

  /** Positions and velocities after one step; the start passes through float32. */
  private static final double TOLERANCE = 2e-3;

  /** The task, by its sizes; Ant and Humanoid in their truncated form. */
  @Param({"halfcheetah", "hopper", "ant", "humanoid"})
  public String shape = "halfcheetah";

  /** Environments in the batch. */
  @Param({"1", "8", "64"})
  public int batch = 1;

  /** Threads that step them. */
  @Param({"1", "2"})
  public int threads = 1;

  private final Arena arena = Arena.ofShared();
  private VectorEnvironment environment;
  private OpenLoop loop;
  private MemorySegment starts;
  private final MemorySegment[] batches = new MemorySegment[ACTIONS];
  private float clip;
  private long observationBytes;
  private int steps;

  /** Starts both, checks that they agree, and starts both again. */
  @Setup(Level.Trial)
  public void prepare() {
    TaskOptions options = new TaskOptions(true, false, 0);
    String id = Shape.of(shape).task();
    MujocoTask task = Objects.requireNonNull(MujocoSimulator.find(id, options), id);
    environment = Tasks.create(id, options, batch, threads);
    loop = new OpenLoop(task, batch, threads);
    long actionBytes = 4L * batch * environment.spec().actionSize();
    observationBytes = 4L * environment.spec().observationSize();
    RandomStream random = new RandomStream(1, 5);
    for (int i = 0; i < ACTIONS; i++) {
      batches[i] = arena.allocate(actionBytes, 64);
      for (long k = 0; k < actionBytes / 4; k++) {
        batches[i].setAtIndex(JAVA_FLOAT, k, (float) (1.98 * random.nextDouble() - 0.99));
      }
    }
    environment.reset(1);
    starts = arena.allocate(batch * observationBytes, 64);
    starts.copyFrom(environment.observations());
    clip = (float) task.observation().velocityClip();
    takeFirstStep();
    verify(environment.nextObservations());
    environment.reset(1);
    steps = 0;
    Tally.publish(batch, actionBytes + batch * (2 * observationBytes + 4 + 3));
  }

  /** Takes the first step of both from the same state with the same actions. */
  public final void takeFirstStep() {
    environment.reset(1);
    restart();
    steps = 0;
    environment();
    loop.step(batches[0]);
  }

  private void restart() {
    for (int i = 0; i < batch; i++) {
      loop.start(i, starts.asSlice(i * observationBytes, observationBytes));
    }
  }

  /**
   * Throws unless {@code next} is where the open loop's first step led.
   *
   * @param next (batch, observations)
   */
  public final void verify(MemorySegment next) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment expected = call.allocate(observationBytes, 8);
      for (int i = 0; i < batch; i++) {
        loop.observe(i, expected);
        for (int k = 0; k < observationBytes / 4; k++) {
          float right = Math.clamp(expected.getAtIndex(JAVA_FLOAT, k), -clip, clip);
          float given = next.getAtIndex(JAVA_FLOAT, i * observationBytes / 4 + k);
          if (!(Math.abs(given - right) <= TOLERANCE * (1 + Math.abs(right)))) {
            throw new AssertionError(
                "wrong answer: environment %d observes %s at %d, MuJoCo alone says %s"
                    .formatted(i, given, k, right));
          }
        }
      }
    }
  }

  private MemorySegment nextActions() {
    return batches[steps++ % ACTIONS];
  }

  /** What the environments last led to, before any reset (batch, observations). */
  public final MemorySegment observations() {
    return environment.nextObservations();
  }

  /** Steps the environments. */
  @Benchmark
  public void environment() {
    environment.actions().copyFrom(nextActions());
    environment.step();
  }

  /** Steps MuJoCo alone. */
  @Benchmark
  public void openLoop() {
    if (steps % ROLLOUT == 0) {
      restart();
    }
    loop.step(nextActions());
  }

  /** Closes both. */
  @TearDown(Level.Trial)
  public void close() {
    loop.close();
    environment.close();
    arena.close();
  }
}
