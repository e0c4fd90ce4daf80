package mpdp.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import mpdp.MpdpException;
import mpdp.UsageException;

/** The native batch stepper: every size and index is checked here, before native code sees it. */
final class MujocoStepper implements AutoCloseable {
  /** Numbers ahead of the observation in a row of details. */
  static final int DETAIL_TERMS = 5;

  private static final int MESSAGE_BYTES = 1024;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment handle;
  private final int count;
  private final MujocoTask.Sizes sizes;
  private final int geoms;
  private final int observationSize;
  private final int stateSize;
  private final double[] startPositions;
  private final double stepSeconds;
  private final MemorySegment positions;
  private final MemorySegment velocities;
  private final MemorySegment state;

  /**
   * @param modelFile an MJCF file
   * @param healthLow (state) lower bounds, or empty for none
   * @param healthHigh (state) upper bounds, or empty for none
   * @throws UsageException if the model or the task's numbers do not fit, in one line
   */
  MujocoStepper(
      MujocoTask task,
      Path modelFile,
      double[] healthLow,
      double[] healthHigh,
      int count,
      int threads,
      boolean halveMargins,
      boolean rawActions) {
    MujocoInfo.version();
    if (count < 1 || threads < 1) {
      throw new UsageException("environments and threads must be at least 1");
    }
    this.count = count;
    try (Arena call = Arena.ofConfined()) {
      MemorySegment message = call.allocate(MESSAGE_BYTES);
      handle =
          (MemorySegment)
              NativeMujoco.CREATE.invokeExact(
                  call.allocateFrom(modelFile.toString()),
                  TaskStruct.of(task, halveMargins, rawActions, call),
                  call.allocateFrom(JAVA_DOUBLE, healthLow),
                  call.allocateFrom(JAVA_DOUBLE, healthHigh),
                  healthLow.length,
                  count,
                  Math.min(threads, count),
                  message,
                  MESSAGE_BYTES);
      if (handle.address() == 0) {
        throw new UsageException(
            "%s (%s): %s"
                .formatted(task.id(), modelFile.getFileName(), oneLine(message.getString(0))));
      }
      MemorySegment out = call.allocate(JAVA_LONG, 7);
      NativeMujoco.SIZES.invokeExact(handle, out);
      int[] numbers = new int[7];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Math.toIntExact(out.getAtIndex(JAVA_LONG, i));
      }
      sizes = new MujocoTask.Sizes(numbers[0], numbers[1], numbers[2], numbers[3]);
      geoms = numbers[4];
      observationSize = numbers[5];
      stateSize = numbers[6];
      MemorySegment start = call.allocate(JAVA_DOUBLE, sizes.positions());
      MemorySegment seconds = call.allocate(JAVA_DOUBLE);
      MemorySegment ranges = call.allocate(JAVA_DOUBLE, 2L * sizes.actions());
      NativeMujoco.FACTS.invokeExact(
          handle, ranges, ranges.asSlice(8L * sizes.actions()), start, seconds);
      startPositions = start.toArray(JAVA_DOUBLE);
      stepSeconds = seconds.get(JAVA_DOUBLE, 0);
    } catch (Throwable e) {
      throw rethrown(e);
    }
    positions = arena.allocate(JAVA_DOUBLE, sizes.positions());
    velocities = arena.allocate(JAVA_DOUBLE, sizes.velocities());
    state = arena.allocate(JAVA_DOUBLE, stateSize);
  }

  MujocoTask.Sizes sizes() {
    return sizes;
  }

  int observationSize() {
    return observationSize;
  }

  int stateSize() {
    return stateSize;
  }

  double stepSeconds() {
    return stepSeconds;
  }

  /** (nq) the model's own start. */
  double[] startPositions() {
    return startPositions.clone();
  }

  /** Resets one environment to a state and writes its observation (observationSize) float32. */
  void reset(int index, double[] qpos, double[] qvel, MemorySegment observation) {
    checkIndex(index);
    check("qpos", qpos.length, sizes.positions());
    check("qvel", qvel.length, sizes.velocities());
    check("observation bytes", observation.byteSize(), 4L * observationSize);
    MemorySegment.copy(qpos, 0, positions, JAVA_DOUBLE, 0, qpos.length);
    MemorySegment.copy(qvel, 0, velocities, JAVA_DOUBLE, 0, qvel.length);
    int status;
    try {
      status =
          (int) NativeMujoco.RESET.invokeExact(handle, index, positions, velocities, observation);
    } catch (Throwable e) {
      throw rethrown(e);
    }
    if (status != 0) {
      throw new MpdpException("MuJoCo refused a start state: " + message());
    }
  }

  /**
   * Steps every environment; layouts as in mpdp_mujoco.h.
   *
   * @param detail NULL, or (count, DETAIL_TERMS + observationSize) doubles
   * @return how many environments failed
   */
  int step(
      MemorySegment actions,
      MemorySegment observations,
      MemorySegment rewards,
      MemorySegment terminated,
      MemorySegment status,
      MemorySegment detail) {
    check("action bytes", actions.byteSize(), 4L * count * sizes.actions());
    check("observation bytes", observations.byteSize(), 4L * count * observationSize);
    check("reward bytes", rewards.byteSize(), 4L * count);
    check("terminated bytes", terminated.byteSize(), count);
    check("status bytes", status.byteSize(), count);
    if (detail.address() != 0) {
      check("detail bytes", detail.byteSize(), 8L * count * (DETAIL_TERMS + observationSize));
    }
    try {
      return (int)
          NativeMujoco.STEP.invokeExact(
              handle, actions, observations, rewards, terminated, status, detail);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** (stateSize) everything that the future of one environment depends on. */
  double[] save(int index) {
    checkIndex(index);
    try {
      NativeMujoco.SAVE.invokeExact(handle, index, state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
    return state.toArray(JAVA_DOUBLE);
  }

  void restore(int index, double[] values) {
    checkIndex(index);
    check("state", values.length, stateSize);
    MemorySegment.copy(values, 0, state, JAVA_DOUBLE, 0, values.length);
    try {
      NativeMujoco.RESTORE.invokeExact(handle, index, state);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** The text of the latest engine error. */
  String message() {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment text = call.allocate(MESSAGE_BYTES);
      NativeMujoco.MESSAGE.invokeExact(handle, text, MESSAGE_BYTES);
      return oneLine(text.getString(0));
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** The geoms' types and sizes. */
  Geoms geoms() {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment type = call.allocate(JAVA_INT, geoms);
      MemorySegment size = call.allocate(JAVA_DOUBLE, 3L * geoms);
      NativeMujoco.GEOM_SHAPES.invokeExact(handle, type, size);
      return new Geoms(
          type.toArray(JAVA_INT),
          size.toArray(JAVA_DOUBLE),
          new double[3 * geoms],
          new double[9 * geoms]);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Writes where the geoms of one environment are. */
  void locate(int index, Geoms into) {
    checkIndex(index);
    check("geoms", into.type().length, geoms);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment at = call.allocate(JAVA_DOUBLE, 3L * geoms);
      MemorySegment turned = call.allocate(JAVA_DOUBLE, 9L * geoms);
      int status = (int) NativeMujoco.GEOM_POSES.invokeExact(handle, index, at, turned);
      check("status", status, 0);
      MemorySegment.copy(at, JAVA_DOUBLE, 0, into.position(), 0, 3 * geoms);
      MemorySegment.copy(turned, JAVA_DOUBLE, 0, into.orientation(), 0, 9 * geoms);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** A named array of the compiled model. */
  double[] modelArray(String name) {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment key = call.allocateFrom(name);
      long size = (long) NativeMujoco.MODEL_ARRAY.invokeExact(handle, key, MemorySegment.NULL, 0L);
      if (size < 0) {
        throw new IllegalArgumentException("no model array is named " + name);
      }
      MemorySegment values = call.allocate(JAVA_DOUBLE, size);
      size = (long) NativeMujoco.MODEL_ARRAY.invokeExact(handle, key, values, size);
      return values.toArray(JAVA_DOUBLE);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Makes the next step of one environment fail inside MuJoCo: a test of that path. */
  void raise(int index) {
    checkIndex(index);
    try {
      NativeMujoco.RAISE.invokeExact(handle, index);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      try {
        NativeMujoco.DESTROY.invokeExact(handle);
      } catch (Throwable e) {
        throw rethrown(e);
      }
      arena.close();
    }
  }

  private void checkIndex(int index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException("environment " + index + " of " + count);
    }
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("the environment is closed");
    }
  }

  private void check(String what, long found, long wanted) {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("the environment is closed");
    }
    if (found != wanted) {
      throw new IllegalArgumentException(what + ": " + found + " instead of " + wanted);
    }
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  private static RuntimeException rethrown(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
