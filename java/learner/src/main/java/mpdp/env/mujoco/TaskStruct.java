package mpdp.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Writes a task as the C struct MpdpTask of mpdp_mujoco.h: its doubles, then its integers. */
final class TaskStruct {
  private TaskStruct() {}

  /**
   * @param halveMargins contacts as before MuJoCo 3.5.0
   * @param rawActions actions are controls, not in (-1, 1)
   */
  static MemorySegment of(MujocoTask task, boolean halveMargins, boolean rawActions, Arena arena) {
    MujocoTask.Observation observation = task.observation();
    MujocoTask.Reward reward = task.reward();
    double[] doubles = {
      observation.velocityClip(),
      reward.forceClip(),
      reward.forward(),
      reward.control(),
      reward.contact(),
      reward.contactMaximum(),
      reward.survive()
    };
    int[] integers = {
      task.frameSkip(),
      halveMargins ? 1 : 0,
      rawActions ? 1 : 0,
      observation.skipPositions(),
      observation.firstBody(),
      observation.firstActuator(),
      observation.firstForce(),
      reward.position().ordinal(),
      reward.positionIndex(),
      reward.surviveHealthy() ? 1 : 0,
      task.health().closed() ? 1 : 0,
      task.health().finite() ? 1 : 0
    };
    MemorySegment struct = arena.allocate(8L * doubles.length + 4L * integers.length, 8);
    MemorySegment.copy(doubles, 0, struct, JAVA_DOUBLE, 0, doubles.length);
    MemorySegment.copy(integers, 0, struct, JAVA_INT, 8L * doubles.length, integers.length);
    return struct;
  }
}
