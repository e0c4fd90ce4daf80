package mpdp.env.mujoco;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The forms of a task that share the physics of its version 5: their rewards follow from the terms
 * of the recorded version 5 steps.
 */
class VariantTest {
  /** id, truncated, survive reward (paid on termination, too), whether contacts cost. */
  @ParameterizedTest
  @CsvSource({
    "InvertedPendulum-v4,false,1,false",
    "Hopper-v4,false,1,false",
    "Ant-v4,false,1,false",
    "Humanoid-v4,false,5,false",
    "Swimmer-v4,false,0,false",
    "Ant-v5,true,1,true",
    "Ant-v4,true,1,true",
    "Humanoid-v5,true,5,true"
  })
  void paysWhatItsDefinitionSays(String id, boolean truncated, double survive, boolean contact) {
    Assumptions.assumeTrue(SingleStepper.requireMujoco().equals("2.2.2"), "needs MuJoCo 2.2.2");
    String task = id.substring(0, id.indexOf('-'));
    JsonNode file = Reference.read("trajectories/" + task + "-v5_trajectories_mujoco222.json");
    JsonNode episode = file.get("episodes").get(0);
    int core = file.get("coreObsDim").asInt();
    int terminations = 0;
    int next = 0;
    try (SingleStepper single = new SingleStepper(id, truncated, true)) {
      for (int t = 0; t < 200; t++) {
        JsonNode resets = episode.get("resets");
        if (next < resets.size() && resets.get(next).get("step").asInt() == t) {
          JsonNode reset = resets.get(next++);
          single.reset(Reference.doubles(reset.get("qpos")), Reference.doubles(reset.get("qvel")));
        }
        SingleStepper.Step step = single.step(Reference.doubles(episode.get("actions").get(t)));
        double[] terms = Reference.doubles(episode.get("terms").get(t));
        double wanted = terms[0] + terms[1] + (contact ? terms[2] : 0) + survive;
        TrajectoryTest.near(step.reward(), wanted, 1e-9, "reward of step " + t);
        TrajectoryTest.near(
            step.observation(),
            Reference.doubles(episode.get("obs").get(t)),
            core,
            1e-9,
            "step " + t);
        boolean ended = episode.get("terminated").get(t).asInt() != 0;
        assertThat(step.terminated()).isEqualTo(ended);
        terminations += ended ? 1 : 0;
      }
    }
    // Ant and Swimmer go on; the others must have met the terminal reward at least once.
    if (!task.equals("Ant") && !task.equals("Swimmer")) {
      assertThat(terminations).isPositive();
    }
  }

  /** The whole of Gymnasium's observation, forces and inertias included. */
  @ParameterizedTest
  @CsvSource({"Ant-v5,105", "Humanoid-v5,348"})
  void observesForcesAndInertias(String id, int size) {
    String version = SingleStepper.requireMujoco();
    JsonNode file = Reference.read("trajectories/" + id + "_onestep.json");
    boolean same = version.equals("2.2.2");
    Assumptions.assumeTrue(same || version.equals("3.14.0"), "recorded on 2.2.2 and 3.14.0");
    try (SingleStepper single = new SingleStepper(id, false, true)) {
      for (JsonNode recorded : file.get("cases")) {
        single.reset(
            Reference.doubles(recorded.get("qpos")), Reference.doubles(recorded.get("qvel")));
        SingleStepper.Step step = single.step(Reference.doubles(recorded.get("action")));
        double[] wanted =
            Reference.doubles(recorded.get(same ? "mujoco222" : "mujoco314margin").get("obs"));
        assertThat(wanted.length).isEqualTo(size);
        assertThat(step.observation().length).isEqualTo(size);
        TrajectoryTest.near(step.observation(), wanted, size, 1e-8, "whole observation");
      }
    }
  }

  /** Version 4 has the world's rows and the root's actuator forces, which version 5 leaves out. */
  @Test
  void observesTheWorldToo() {
    SingleStepper.requireMujoco();
    try (SingleStepper four = new SingleStepper("Humanoid-v4", false, true);
        SingleStepper five = new SingleStepper("Humanoid-v5", false, true)) {
      double[] start = five.stepper.startPositions();
      four.reset(start, new double[23]);
      five.reset(start, new double[23]);
      double[] action = new double[17];
      Arrays.fill(action, 0.125);
      double[] v5 = five.step(action).observation();
      double[] v4 = four.step(action).observation();
      assertThat(v4.length).isEqualTo(376);
      // {start in version 5, length there, how many rows or freedoms version 4 has ahead of it}
      int[][] blocks = {{0, 45, 0}, {45, 130, 10}, {175, 78, 6}, {253, 17, 6}, {270, 78, 6}};
      int at = 0;
      for (int[] block : blocks) {
        at += block[2];
        assertThat(Arrays.copyOfRange(v4, at, at + block[1]))
            .isEqualTo(Arrays.copyOfRange(v5, block[0], block[0] + block[1]));
        at += block[1];
      }
      assertThat(at).isEqualTo(376);
    }
  }
}
