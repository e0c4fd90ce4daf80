package mpdp.env.mujoco;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Single steps from a clean reset, on whichever MuJoCo there is. */
class OneStepTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "InvertedPendulum",
        "Hopper",
        "HalfCheetah",
        "Walker2d",
        "Ant",
        "Humanoid",
        "Swimmer"
      })
  void takesTheSameStep(String task) {
    String version = SingleStepper.requireMujoco();
    JsonNode file = Reference.read("trajectories/" + task + "-v5_onestep.json");
    try (SingleStepper single = new SingleStepper(task + "-v5", false, true)) {
      for (JsonNode step : file.get("cases")) {
        compare(single, step, "mujoco222", version.equals("2.2.2") ? 1e-9 : across(task));
        String newest = step.has("mujoco314margin") ? "mujoco314margin" : "mujoco314";
        compare(single, step, newest, version.equals("3.14.0") ? 1e-9 : across(task));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hopper", "Ant", "Humanoid"})
  void leavesMarginsAloneForGymnasium(String task) {
    Assumptions.assumeTrue(SingleStepper.requireMujoco().equals("3.14.0"), "needs MuJoCo 3.14.0");
    JsonNode file = Reference.read("trajectories/" + task + "-v5_onestep.json");
    try (SingleStepper single = new SingleStepper(task + "-v5", false, false)) {
      for (JsonNode step : file.get("cases")) {
        compare(single, step, "mujoco314", 1e-9);
      }
    }
  }

  /** Humanoid's Gauss-Seidel solver changed between versions; the others converge. */
  private static double across(String task) {
    return task.equals("Humanoid") ? 0.1 : 1e-5;
  }

  private static void compare(
      SingleStepper single, JsonNode step, String version, double tolerance) {
    single.reset(Reference.doubles(step.get("qpos")), Reference.doubles(step.get("qvel")));
    SingleStepper.Step found = single.step(Reference.doubles(step.get("action")));
    JsonNode wanted = step.get(version);
    double[] observation = Reference.doubles(wanted.get("obs"));
    int state = Math.min(observation.length, 45);
    TrajectoryTest.near(found.observation(), observation, state, tolerance, version);
    TrajectoryTest.near(
        found.reward(), wanted.get("reward").asDouble(), tolerance, version + " reward");
  }
}
