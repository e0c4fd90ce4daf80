package mpdp.example;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.model.DynamicsEnsemble;
import mpdp.plan.CrossEntropy;
import mpdp.plan.Planner;
import mpdp.plan.PlannerOptions;
import mpdp.plan.Policy;
import mpdp.tensor.TensorArena;

/** The code of docs/embedding.md: what a program does that embeds a planner. */
final class PlannerTask {
  private PlannerTask() {}

  /** One action. */
  static float[] once(Path run, float[] observation) {
    try (Planner planner = Planner.load(run, PlannerOptions.defaults())) { // any back end
      float[] action = planner.plan(observation);
      return action;
    }
  }

  /** Controls a robot for some steps; {@code robot} takes an action and gives an observation. */
  static float[] control(Path run, UnaryOperator<float[]> robot, float[] observation, int steps) {
    PlannerOptions options =
        PlannerOptions.defaults().with(CrossEntropy.defaults()).on("cpu", 1).withSeed(7);
    try (Planner planner = Planner.load(run, options)) {
      float[] action = new float[planner.actionSize()];
      planner.reset(); // an episode begins
      for (int step = 0; step < steps; step++) {
        planner.plan(observation, action); // allocates nothing
        observation = robot.apply(action);
      }
      return action;
    }
  }

  /** Several robots take turns on one planner, each with a memory of its own. */
  static void turns(
      Planner planner, float[][] memories, float[][] observations, float[][] actions) {
    for (int i = 0; i < observations.length; i++) {
      planner.restore(memories[i]);
      planner.plan(observations[i], actions[i]);
      planner.save(memories[i]);
    }
  }

  /** The policy alone. */
  static float[] policy(Path run, float[] observation) {
    try (Policy policy = Policy.load(run, "auto", 1)) {
      return policy.act(observation);
    }
  }

  /** The ensemble alone, on a back end of the caller's. */
  static int[] elites(Path run) {
    try (Backend backend = Backends.open("auto", 1);
        TensorArena arena = backend.arena("model")) {
      DynamicsEnsemble model = DynamicsEnsemble.load(arena, run);
      return model.elites().ints();
    }
  }
}
