package mpdp.env;

import java.util.ArrayList;
import java.util.List;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.env.classic.Pendulum;
import mpdp.env.mujoco.MujocoSimulator;
import mpdp.env.mujoco.MujocoTask;

/** All tasks by name: a built-in id, or the path of a user's own description, a TOML file. */
public final class Tasks {
  private Tasks() {}

  /** The ids of the built-in tasks, in the order they are listed to users. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    names.addAll(MujocoSimulator.ids());
    names.add(Pendulum.ID);
    return names;
  }

  /**
   * What a learner must know of a task, without creating it.
   *
   * @throws UsageException for an unknown id (the message names the nearest one), or a description
   *     or model with an error in it
   */
  public static TaskSpec spec(String id, TaskOptions options) {
    if (id.equals(Pendulum.ID)) {
      return Pendulum.spec(options);
    }
    return MujocoSimulator.spec(mujoco(id, options), options);
  }

  /**
   * Creates a batch of copies; call {@link VectorEnvironment#reset} before the first step.
   *
   * @param count how many copies
   * @param threads how many threads step them, the caller's included
   * @throws UsageException for an unknown id; the message names the nearest one
   * @throws mpdp.MpdpException if the task needs MuJoCo and it is missing
   */
  public static VectorEnvironment create(String id, TaskOptions options, int count, int threads) {
    if (count < 1 || threads < 1) {
      throw new UsageException(
          "need at least 1 environment and 1 thread, not " + count + " and " + threads);
    }
    if (id.equals(Pendulum.ID)) {
      return new AutoresetEnvironment(new Pendulum(options, count));
    }
    return new AutoresetEnvironment(
        new MujocoSimulator(mujoco(id, options), options, count, threads));
  }

  private static MujocoTask mujoco(String id, TaskOptions options) {
    MujocoTask task = MujocoSimulator.find(id, options);
    if (task == null) {
      throw new UsageException(
          "unknown task " + id + "; did you mean " + Nearest.to(id, names()) + "?");
    }
    return task;
  }
}
