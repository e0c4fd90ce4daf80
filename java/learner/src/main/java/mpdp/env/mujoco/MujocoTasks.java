package mpdp.env.mujoco;

import static mpdp.env.mujoco.MujocoTask.NONE;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mpdp.env.mujoco.MujocoTask.Bound;
import mpdp.env.mujoco.MujocoTask.Health;
import mpdp.env.mujoco.MujocoTask.Noise;
import mpdp.env.mujoco.MujocoTask.Observation;
import mpdp.env.mujoco.MujocoTask.Position;
import mpdp.env.mujoco.MujocoTask.Reward;
import mpdp.env.mujoco.MujocoTask.Sizes;

/**
 * The seven tasks as Gymnasium defines them, version 4 and version 5, and the truncated forms of
 * Ant and Humanoid from the model-based papers.
 */
final class MujocoTasks {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final int STEPS = 1000;

  /**
   * A task with what is otherwise known only after compiling its model, so that it can be described
   * where MuJoCo is missing.
   */
  record Entry(MujocoTask task, Sizes sizes, double stepSeconds) {}

  private enum Form {
    V4,
    V5,
    TRUNCATED
  }

  private static final Map<String, Entry> WHOLE = table(false);
  private static final Map<String, Entry> TRUNCATED = table(true);

  private MujocoTasks() {}

  /** The tasks by id, in the order they are listed to users. */
  static Map<String, Entry> entries(boolean truncated) {
    return truncated ? TRUNCATED : WHOLE;
  }

  private static Map<String, Entry> table(boolean truncated) {
    Map<String, Entry> table = new LinkedHashMap<>();
    for (Form form : List.of(Form.V5, Form.V4)) {
      String version = form == Form.V5 ? "-v5" : "-v4";
      Form large = truncated ? Form.TRUNCATED : form;
      put(table, invertedPendulum("InvertedPendulum" + version, form), 2, 2, 1, 3, 0.04);
      put(table, hopper("Hopper" + version, form), 6, 6, 3, 5, 0.008);
      put(table, halfCheetah("HalfCheetah" + version), 9, 9, 6, 8, 0.05);
      put(table, walker("Walker2d" + version, form), 9, 9, 6, 8, 0.008);
      put(table, ant("Ant" + version, large), 15, 14, 8, 14, 0.05);
      put(table, humanoid("Humanoid" + version, large), 24, 23, 17, 14, 0.015);
      put(table, swimmer("Swimmer" + version), 5, 5, 2, 4, 0.04);
    }
    return table;
  }

  private static void put(
      Map<String, Entry> table, MujocoTask task, int nq, int nv, int nu, int bodies, double dt) {
    table.put(task.id(), new Entry(task, new Sizes(nq, nv, nu, bodies), dt));
  }

  private static MujocoTask bundled(
      String id,
      String model,
      int frameSkip,
      Observation observation,
      Reward reward,
      Health health,
      Noise positions,
      Noise velocities) {
    return new MujocoTask(
        id, model, true, frameSkip, STEPS, observation, reward, health, positions, velocities);
  }

  private static Noise uniform(double scale) {
    return new Noise(false, scale);
  }

  private static Noise normal(double scale) {
    return new Noise(true, scale);
  }

  /** Forward along qpos[0], without contact cost. */
  private static Reward runner(double control, double survive, boolean surviveHealthy) {
    return new Reward(1, Position.QPOS, 0, control, 0, INFINITY, INFINITY, survive, surviveHealthy);
  }

  private static MujocoTask invertedPendulum(String id, Form form) {
    Reward reward = new Reward(0, Position.NONE, 0, 0, 0, INFINITY, INFINITY, 1, form == Form.V5);
    Health health = new Health(List.of(new Bound(1, 1, -0.2, 0.2)), true, true);
    return bundled(
        id,
        "inverted_pendulum.xml",
        2,
        Observation.state(0, INFINITY),
        reward,
        health,
        uniform(0.01),
        uniform(0.01));
  }

  private static MujocoTask hopper(String id, Form form) {
    Health health =
        new Health(
            List.of(
                new Bound(2, -1, -100, 100),
                new Bound(1, 1, 0.7, INFINITY),
                new Bound(2, 2, -0.2, 0.2)),
            false,
            false);
    return bundled(
        id,
        "hopper.xml",
        4,
        Observation.state(1, 10),
        runner(1e-3, 1, form == Form.V5),
        health,
        uniform(0.005),
        uniform(0.005));
  }

  private static MujocoTask walker(String id, Form form) {
    Health health =
        new Health(List.of(new Bound(1, 1, 0.8, 2), new Bound(2, 2, -1, 1)), false, false);
    return bundled(
        id,
        form == Form.V5 ? "walker2d_v5.xml" : "walker2d_v4.xml",
        4,
        Observation.state(1, 10),
        runner(1e-3, 1, form == Form.V5),
        health,
        uniform(0.005),
        uniform(0.005));
  }

  private static MujocoTask halfCheetah(String id) {
    return bundled(
        id,
        "half_cheetah.xml",
        5,
        Observation.state(1, INFINITY),
        runner(0.1, 0, false),
        Health.ALWAYS,
        uniform(0.1),
        normal(0.1));
  }

  private static MujocoTask swimmer(String id) {
    return bundled(
        id,
        "swimmer.xml",
        4,
        Observation.state(2, INFINITY),
        runner(1e-4, 0, false),
        Health.ALWAYS,
        uniform(0.1),
        uniform(0.1));
  }

  private static MujocoTask ant(String id, Form form) {
    int firstForce = form == Form.V5 ? 1 : NONE;
    double contact = form == Form.V4 ? 0 : 5e-4;
    Reward reward = new Reward(1, Position.BODY, 1, 0.5, contact, INFINITY, 1, 1, form == Form.V5);
    Health health = new Health(List.of(new Bound(2, 2, 0.2, 1)), true, true);
    return bundled(
        id,
        "ant.xml",
        5,
        new Observation(2, INFINITY, NONE, NONE, firstForce),
        reward,
        health,
        uniform(0.1),
        normal(0.1));
  }

  private static MujocoTask humanoid(String id, Form form) {
    Observation observation =
        switch (form) {
          case V4 -> new Observation(2, INFINITY, 0, 0, 0);
          case V5 -> new Observation(2, INFINITY, 1, 6, 1);
          case TRUNCATED -> Observation.state(2, INFINITY);
        };
    double contact = form == Form.V4 ? 0 : 5e-7;
    Reward reward =
        new Reward(
            1.25, Position.CENTRE_OF_MASS, 0, 0.1, contact, 10, INFINITY, 5, form == Form.V5);
    Health health = new Health(List.of(new Bound(2, 2, 1, 2)), form == Form.TRUNCATED, false);
    return bundled(
        id, "humanoid.xml", 5, observation, reward, health, uniform(0.01), uniform(0.01));
  }
}
