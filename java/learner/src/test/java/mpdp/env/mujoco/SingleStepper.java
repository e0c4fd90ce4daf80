package mpdp.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import mpdp.MpdpException;
import mpdp.env.TaskOptions;
import org.junit.jupiter.api.Assumptions;

/** One environment with raw actions and exact (double) results. */
final class SingleStepper implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  final MujocoStepper stepper;
  private final MemorySegment actions;
  private final MemorySegment observations;
  private final MemorySegment rewards = arena.allocate(4);
  private final MemorySegment terminated = arena.allocate(1);
  private final MemorySegment status = arena.allocate(1);
  private final MemorySegment detail;

  /** What one step gave, in double. */
  record Step(
      double reward, double[] terms, double[] observation, boolean terminated, int status) {}

  SingleStepper(String id, boolean truncated, boolean halveMargins) {
    this(
        Objects.requireNonNull(MujocoSimulator.find(id, new TaskOptions(truncated, false, 0))),
        halveMargins);
  }

  SingleStepper(MujocoTask task, boolean halveMargins) {
    stepper = MujocoSimulator.open(task, 1, 1, halveMargins, true);
    actions = arena.allocate(4L * stepper.sizes().actions());
    observations = arena.allocate(4L * stepper.observationSize());
    detail = arena.allocate(8L * (MujocoStepper.DETAIL_TERMS + stepper.observationSize()), 8);
  }

  /** Skips the calling test where this build has no MuJoCo. */
  static String requireMujoco() {
    try {
      return MujocoInfo.version();
    } catch (MpdpException e) {
      Assumptions.abort(e.getMessage());
      return "";
    }
  }

  float[] reset(double[] qpos, double[] qvel) {
    stepper.reset(0, qpos, qvel, observations);
    return observations.toArray(JAVA_FLOAT);
  }

  Step step(double[] action) {
    for (int k = 0; k < action.length; k++) {
      actions.setAtIndex(JAVA_FLOAT, k, (float) action[k]);
    }
    stepper.step(actions, observations, rewards, terminated, status, detail);
    double[] row = detail.toArray(JAVA_DOUBLE);
    return new Step(
        row[0],
        Arrays.copyOfRange(row, 1, MujocoStepper.DETAIL_TERMS),
        Arrays.copyOfRange(row, MujocoStepper.DETAIL_TERMS, row.length),
        terminated.get(JAVA_BYTE, 0) != 0,
        status.get(JAVA_BYTE, 0));
  }

  @Override
  public void close() {
    stepper.close();
    arena.close();
  }
}
