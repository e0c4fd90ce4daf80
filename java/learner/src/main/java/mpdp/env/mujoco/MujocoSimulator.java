package mpdp.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.env.BatchSimulator;
import mpdp.env.TaskOptions;
import mpdp.env.TaskSpec;
import mpdp.random.RandomStream;
import org.jspecify.annotations.Nullable;

/** A MuJoCo task as a batch of copies. */
public final class MujocoSimulator implements BatchSimulator {
  private static final byte ENGINE_ERROR = 2;

  private final MujocoTask task;
  private final TaskSpec spec;
  private final int count;
  private final MujocoStepper stepper;
  private final Geoms geoms;
  private final double[] start;
  private final double[] qpos;
  private final double[] qvel;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment status;

  /**
   * @param threads how many threads step the batch, the caller's included
   * @throws mpdp.MpdpException if MuJoCo is missing, or the model cannot be loaded
   */
  public MujocoSimulator(MujocoTask task, TaskOptions options, int count, int threads) {
    this.task = task;
    this.count = count;
    this.stepper = open(task, count, threads, !options.gymnasiumMargins(), false);
    try {
      this.spec = task.spec(stepper.sizes(), stepper.stepSeconds(), options.maxEpisodeSteps());
    } catch (UsageException e) {
      stepper.close();
      throw e;
    }
    this.geoms = stepper.geoms();
    this.start = stepper.startPositions();
    this.qpos = new double[stepper.sizes().positions()];
    this.qvel = new double[stepper.sizes().velocities()];
    this.status = arena.allocate(count);
  }

  /** The ids of the built-in tasks, in the order they are listed to users. */
  public static Collection<String> ids() {
    return MujocoTasks.entries(false).keySet();
  }

  /** A built-in task, or a user's own where the id is the path of a TOML file; else null. */
  public static @Nullable MujocoTask find(String id, TaskOptions options) {
    if (id.endsWith(".toml")) {
      return CustomTask.load(Path.of(id));
    }
    MujocoTasks.Entry entry = MujocoTasks.entries(options.truncatedObservations()).get(id);
    return entry == null ? null : entry.task();
  }

  /**
   * What a learner must know of a task. A built-in one can be described where MuJoCo is missing; a
   * user's model is compiled.
   */
  public static TaskSpec spec(MujocoTask task, TaskOptions options) {
    if (task.bundled()) {
      MujocoTasks.Entry entry =
          Objects.requireNonNull(
              MujocoTasks.entries(options.truncatedObservations()).get(task.id()));
      return task.spec(entry.sizes(), entry.stepSeconds(), options.maxEpisodeSteps());
    }
    try (MujocoSimulator simulator = new MujocoSimulator(task, options, 1, 1)) {
      return simulator.spec();
    }
  }

  /** Opens the stepper on a model that comes with the program, or on a user's file. */
  static MujocoStepper open(
      MujocoTask task, int count, int threads, boolean halveMargins, boolean rawActions) {
    if (!task.bundled()) {
      Path file = Path.of(task.model());
      if (!Files.isReadable(file)) {
        throw new UsageException(task.id() + ": cannot read the model file " + file);
      }
      return open(task, file, count, threads, halveMargins, rawActions);
    }
    try (InputStream model = MujocoSimulator.class.getResourceAsStream(task.model())) {
      Path file = Files.createTempFile("mpdp-", ".xml");
      try {
        Files.write(file, Objects.requireNonNull(model, task.model()).readAllBytes());
        return open(task, file, count, threads, halveMargins, rawActions);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new MpdpException("cannot unpack " + task.model() + ": " + e.getMessage(), e);
    }
  }

  private static MujocoStepper open(
      MujocoTask task,
      Path file,
      int count,
      int threads,
      boolean halveMargins,
      boolean rawActions) {
    MujocoTask.Sizes sizes = sizes(task, file);
    return new MujocoStepper(
        task,
        file,
        task.healthBounds(sizes, false),
        task.healthBounds(sizes, true),
        count,
        threads,
        halveMargins,
        rawActions);
  }

  /** The sizes of a built-in model are known; a user's model is compiled once to learn them. */
  private static MujocoTask.Sizes sizes(MujocoTask task, Path file) {
    MujocoTasks.Entry known = MujocoTasks.entries(false).get(task.id());
    if (task.bundled() && known != null) {
      return known.sizes();
    }
    double[] none = {};
    try (MujocoStepper probe = new MujocoStepper(task, file, none, none, 1, 1, false, false)) {
      return probe.sizes();
    }
  }

  @Override
  public void reset(int index, RandomStream random, MemorySegment observation) {
    for (int k = 0; k < qpos.length; k++) {
      qpos[k] = start[k] + draw(task.positionNoise(), random);
    }
    for (int k = 0; k < qvel.length; k++) {
      qvel[k] = draw(task.velocityNoise(), random);
    }
    stepper.reset(index, qpos, qvel, observation);
  }

  private static double draw(MujocoTask.Noise noise, RandomStream random) {
    return noise.scale() * (noise.normal() ? random.nextGaussian() : 2 * random.nextDouble() - 1);
  }

  @Override
  public void step(
      MemorySegment actions,
      MemorySegment observations,
      MemorySegment rewards,
      MemorySegment terminated,
      MemorySegment failed) {
    int failures =
        stepper.step(actions, observations, rewards, terminated, status, MemorySegment.NULL);
    failed.fill((byte) 0);
    for (int i = 0; failures > 0 && i < count; i++) {
      failed.set(JAVA_BYTE, i, (byte) (status.get(JAVA_BYTE, i) == 0 ? 0 : 1));
    }
  }

  @Override
  public String failure(int index) {
    return status.get(JAVA_BYTE, index) == ENGINE_ERROR
        ? "MuJoCo error: " + stepper.message()
        : "its state is no longer finite";
  }

  @Override
  public double[] capsules(int index) {
    stepper.locate(index, geoms);
    return geoms.capsules();
  }

  /** For tests: the next step of one copy fails inside MuJoCo. */
  void raise(int index) {
    stepper.raise(index);
  }

  @Override
  public int stateBytes() {
    return 8 * count * stepper.stateSize();
  }

  @Override
  public void save(ByteBuffer out) {
    for (int i = 0; i < count; i++) {
      for (double value : stepper.save(i)) {
        out.putDouble(value);
      }
    }
  }

  @Override
  public void restore(ByteBuffer in) {
    double[] state = new double[stepper.stateSize()];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < state.length; k++) {
        state[k] = in.getDouble();
      }
      stepper.restore(i, state);
    }
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
  public void close() {
    if (arena.scope().isAlive()) {
      stepper.close();
      arena.close();
    }
  }
}
