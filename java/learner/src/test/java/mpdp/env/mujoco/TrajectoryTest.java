package mpdp.env.mujoco;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whole trajectories and single steps against Gymnasium's logic, in double precision. */
class TrajectoryTest {
  /** 5e-11 is what one MuJoCo version differs by after 200 steps; versions differ by much more. */
  private static final double SAME_VERSION = 1e-9;

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
  void followsTwoHundredStepsOfTheSameVersion(String task) {
    Assumptions.assumeTrue(SingleStepper.requireMujoco().equals("2.2.2"), "needs MuJoCo 2.2.2");
    JsonNode file = Reference.read("trajectories/" + task + "-v5_trajectories_mujoco222.json");
    int core = file.get("coreObsDim").asInt();
    try (SingleStepper single = new SingleStepper(task + "-v5", false, true)) {
      for (JsonNode episode : file.get("episodes")) {
        follow(single, episode, core, 200, SAME_VERSION);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InvertedPendulum-v4",
        "Hopper-v4",
        "HalfCheetah-v4",
        "Walker2d-v4",
        "Ant-v4",
        "Swimmer-v4"
      })
  void startsAsTheNewestVersionDoes(String id) {
    String version = SingleStepper.requireMujoco();
    JsonNode file = Reference.read("trajectories/" + id + "_trajectories.json");
    int core = file.get("coreObsDim").asInt();
    boolean same = version.equals("3.14.0");
    Assumptions.assumeTrue(same || !id.startsWith("Ant"), "Ant's margins add up there only");
    int steps = same ? 200 : 4;
    try (SingleStepper single = new SingleStepper(id, false, !same)) {
      follow(single, file.get("episodes").get(0), core, steps, same ? SAME_VERSION : 1e-5);
    }
  }

  private static void follow(
      SingleStepper single, JsonNode episode, int core, int steps, double tolerance) {
    int next = 0;
    JsonNode resets = episode.get("resets");
    for (int t = 0; t < steps; t++) {
      if (next < resets.size() && resets.get(next).get("step").asInt() == t) {
        JsonNode reset = resets.get(next++);
        single.reset(Reference.doubles(reset.get("qpos")), Reference.doubles(reset.get("qvel")));
      }
      SingleStepper.Step step = single.step(Reference.doubles(episode.get("actions").get(t)));
      String where = "step " + t;
      near(
          step.observation(), Reference.doubles(episode.get("obs").get(t)), core, tolerance, where);
      near(step.reward(), episode.get("reward").get(t).asDouble(), tolerance, where + " reward");
      assertTerms(step.terms(), episode.get("terms").get(t), tolerance, where);
      assertThat(step.terminated())
          .as(where)
          .isEqualTo(episode.get("terminated").get(t).asInt() != 0);
      assertThat(step.status()).isZero();
    }
  }

  private static void assertTerms(double[] found, JsonNode terms, double tolerance, String where) {
    double[] signs = {1, -1, -1, 1};
    for (int k = 0; k < 4; k++) {
      if (!terms.get(k).isNull()) {
        near(signs[k] * found[k], terms.get(k).asDouble(), tolerance, where + " term " + k);
      }
    }
  }

  static void near(double[] found, double[] wanted, int size, double tolerance, String where) {
    for (int j = 0; j < size; j++) {
      near(found[j], wanted[j], tolerance, where + " entry " + j);
    }
  }

  static void near(double found, double wanted, double tolerance, String where) {
    double error = Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));
    assertThat(error).as(where + ": " + found + " for " + wanted).isLessThanOrEqualTo(tolerance);
  }
}
