package mpdp.env;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import mpdp.MpdpException;
import mpdp.random.RandomStream;

/** Episodes over a simulator: time limits, resets, failed steps, and the state of it all. */
public final class AutoresetEnvironment implements VectorEnvironment {
  private static final Logger LOG = System.getLogger(AutoresetEnvironment.class.getName());
  private static final int MAGIC = 0x4D504556;

  /** Environment streams start here, apart from the streams of everything else with the seed. */
  private static final int FIRST_STREAM = 0x454E5600;

  private static final int WARNINGS_IN_FULL = 10;

  private final BatchSimulator simulator;
  private final TaskSpec spec;
  private final int count;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment actions;
  private final MemorySegment observations;
  private final MemorySegment nextObservations;
  private final MemorySegment rewards;
  private final MemorySegment terminated;
  private final MemorySegment truncated;
  private final MemorySegment failed;
  private final RandomStream[] streams;
  private final int[] elapsed;
  private final long rowBytes;
  private long seed;
  private boolean started;
  private long failures;
  private long stepNanos;

  /** Takes over the simulator and closes it with itself. */
  public AutoresetEnvironment(BatchSimulator simulator) {
    this.simulator = simulator;
    this.spec = simulator.spec();
    this.count = simulator.count();
    this.rowBytes = 4L * spec.observationSize();
    this.actions = arena.allocate(4L * count * spec.actionSize(), 64);
    this.observations = arena.allocate(count * rowBytes, 64);
    this.nextObservations = arena.allocate(count * rowBytes, 64);
    this.rewards = arena.allocate(4L * count, 64);
    this.terminated = arena.allocate(count, 64);
    this.truncated = arena.allocate(count, 64);
    this.failed = arena.allocate(count, 64);
    this.streams = new RandomStream[count];
    this.elapsed = new int[count];
    seedStreams(0);
  }

  @Override
  public void reset(long seed) {
    seedStreams(seed);
    for (int i = 0; i < count; i++) {
      restart(i);
    }
    started = true;
  }

  @Override
  public void step() {
    if (!started) {
      throw new IllegalStateException("reset the environment before its first step");
    }
    long start = System.nanoTime();
    simulator.step(actions, nextObservations, rewards, terminated, failed);
    stepNanos += System.nanoTime() - start;
    for (int i = 0; i < count; i++) {
      elapsed[i]++;
      boolean fails = failed.get(JAVA_BYTE, i) != 0 || !Float.isFinite(reward(i));
      failed.set(JAVA_BYTE, i, (byte) (fails ? 1 : 0));
      if (fails) {
        discard(i);
      }
      boolean terminates = terminated.get(JAVA_BYTE, i) != 0;
      boolean truncates = !terminates && (fails || elapsed[i] >= spec.maxEpisodeSteps());
      truncated.set(JAVA_BYTE, i, (byte) (truncates ? 1 : 0));
      if (terminates || truncates) {
        restart(i);
      } else {
        MemorySegment.copy(nextObservations, i * rowBytes, observations, i * rowBytes, rowBytes);
      }
    }
  }

  private float reward(int i) {
    return rewards.getAtIndex(JAVA_FLOAT, i);
  }

  /** Keeps the numbers of a failed step out of sight: they may be anything. */
  private void discard(int i) {
    MemorySegment.copy(observations, i * rowBytes, nextObservations, i * rowBytes, rowBytes);
    rewards.setAtIndex(JAVA_FLOAT, i, 0);
    terminated.set(JAVA_BYTE, i, (byte) 0);
    failures++;
    if (failures <= WARNINGS_IN_FULL || failures % 1000 == 0) {
      LOG.log(
          Level.WARNING,
          "{0}: the simulation failed in step {1} of an episode ({2}); the episode ends as "
              + "truncated and its last step is not learned from ({3} so far)",
          spec.id(),
          elapsed[i],
          simulator.failure(i),
          failures);
    }
  }

  private void restart(int i) {
    elapsed[i] = 0;
    simulator.reset(i, streams[i], observations.asSlice(i * rowBytes, rowBytes));
  }

  private void seedStreams(long seed) {
    this.seed = seed;
    for (int i = 0; i < count; i++) {
      streams[i] = new RandomStream(seed, FIRST_STREAM + i);
    }
  }

  @Override
  public double[] capsules(int index) {
    return simulator.capsules(index);
  }

  @Override
  public byte[] saveState() {
    byte[] id = spec.id().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(stateBytes(id));
    out.putInt(MAGIC).putInt(id.length).put(id).putInt(count).putLong(seed);
    out.put((byte) (started ? 1 : 0)).putLong(failures);
    for (int i = 0; i < count; i++) {
      out.putInt(elapsed[i]).putLong(streams[i].position());
    }
    out.put(observations.asByteBuffer());
    simulator.save(out);
    return out.array();
  }

  @Override
  public void restoreState(byte[] state) {
    byte[] id = spec.id().getBytes(StandardCharsets.UTF_8);
    ByteBuffer in = ByteBuffer.wrap(state);
    if (state.length != stateBytes(id) || in.getInt() != MAGIC || !sameTask(in, id)) {
      throw new MpdpException(
          "the saved state is not one of " + count + " x " + spec.id() + " environments");
    }
    seedStreams(in.getLong());
    started = in.get() != 0;
    failures = in.getLong();
    for (int i = 0; i < count; i++) {
      elapsed[i] = in.getInt();
      streams[i].position(in.getLong());
    }
    byte[] rows = new byte[(int) observations.byteSize()];
    in.get(rows);
    MemorySegment.copy(rows, 0, observations, JAVA_BYTE, 0, rows.length);
    simulator.restore(in);
  }

  private boolean sameTask(ByteBuffer in, byte[] id) {
    if (in.getInt() != id.length) {
      return false;
    }
    byte[] found = new byte[id.length];
    in.get(found);
    return Arrays.equals(found, id) && in.getInt() == count;
  }

  private int stateBytes(byte[] id) {
    int header = 4 + 4 + id.length + 4 + 8 + 1 + 8;
    return header + 12 * count + (int) observations.byteSize() + simulator.stateBytes();
  }

  @Override
  public TaskSpec spec() {
    return spec;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public MemorySegment actions() {
    return actions;
  }

  @Override
  public MemorySegment observations() {
    return observations;
  }

  @Override
  public MemorySegment nextObservations() {
    return nextObservations;
  }

  @Override
  public MemorySegment rewards() {
    return rewards;
  }

  @Override
  public MemorySegment terminated() {
    return terminated;
  }

  @Override
  public MemorySegment truncated() {
    return truncated;
  }

  @Override
  public MemorySegment failed() {
    return failed;
  }

  @Override
  public long failures() {
    return failures;
  }

  @Override
  public long stepNanos() {
    return stepNanos;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      simulator.close();
      arena.close();
    }
  }
}
