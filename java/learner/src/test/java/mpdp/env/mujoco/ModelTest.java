package mpdp.env.mujoco;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every number of the compiled models against the reference. */
class ModelTest {
  private static final List<String> ARRAYS =
      List.of(
          "qpos0",
          "body_parentid",
          "body_pos",
          "body_quat",
          "body_ipos",
          "body_mass",
          "body_invweight0",
          "jnt_type",
          "jnt_bodyid",
          "jnt_pos",
          "jnt_axis",
          "jnt_stiffness",
          "jnt_range",
          "jnt_solref",
          "jnt_solimp",
          "dof_armature",
          "dof_damping",
          "dof_invweight0",
          "geom_type",
          "geom_contype",
          "geom_conaffinity",
          "geom_condim",
          "geom_bodyid",
          "geom_size",
          "geom_pos",
          "geom_quat",
          "geom_friction",
          "geom_margin",
          "geom_solref",
          "geom_solimp",
          "actuator_trnid",
          "actuator_gear",
          "actuator_ctrlrange");

  @ParameterizedTest
  @CsvSource({
    "InvertedPendulum-v5,inverted_pendulum",
    "Hopper-v5,hopper",
    "HalfCheetah-v5,half_cheetah",
    "Walker2d-v4,walker2d_v4",
    "Walker2d-v5,walker2d_v5",
    "Ant-v5,ant",
    "Humanoid-v5,humanoid",
    "Swimmer-v5,swimmer"
  })
  void compilesToTheReference(String id, String model) {
    SingleStepper.requireMujoco();
    JsonNode wanted = Reference.read("models/" + model + "_model.json");
    try (SingleStepper single = new SingleStepper(id, false, false)) {
      for (String name : ARRAYS) {
        same(name, single.stepper.modelArray(name), Reference.flat(wanted.get(name)));
      }
      same("inertia", inertias(single.stepper), inertias(wanted));
      JsonNode option = wanted.get("opt");
      double[] options = {
        option.get("timestep").asDouble(),
        option.get("integrator").asDouble(),
        option.get("solver").asDouble(),
        option.get("iterations").asDouble(),
        option.get("tolerance").asDouble(),
        option.get("density").asDouble(),
        option.get("viscosity").asDouble(),
        option.get("gravity").get(2).asDouble()
      };
      same("options", single.stepper.modelArray("option"), options);
    }
  }

  private static void same(String name, double[] found, double[] wanted) {
    assertThat(found.length).as(name).isEqualTo(wanted.length);
    TrajectoryTest.near(found, wanted, wanted.length, 1e-9, name);
  }

  private static double[] inertias(MujocoStepper stepper) {
    return rotated(stepper.modelArray("body_iquat"), stepper.modelArray("body_inertia"));
  }

  private static double[] inertias(JsonNode wanted) {
    return rotated(
        Reference.flat(wanted.get("body_iquat")), Reference.flat(wanted.get("body_inertia")));
  }

  /** R diag(I) R^T of each body: with two equal moments the frame itself is arbitrary. */
  private static double[] rotated(double[] quaternions, double[] moments) {
    int bodies = moments.length / 3;
    double[] result = new double[9 * bodies];
    for (int body = 0; body < bodies; body++) {
      double[] r = rotation(quaternions, 4 * body);
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          for (int k = 0; k < 3; k++) {
            result[9 * body + 3 * i + j] += r[3 * i + k] * moments[3 * body + k] * r[3 * j + k];
          }
        }
      }
    }
    return result;
  }

  private static double[] rotation(double[] q, int at) {
    double w = q[at];
    double x = q[at + 1];
    double y = q[at + 2];
    double z = q[at + 3];
    return new double[] {
      1 - 2 * (y * y + z * z),
      2 * (x * y - w * z),
      2 * (x * z + w * y),
      2 * (x * y + w * z),
      1 - 2 * (x * x + z * z),
      2 * (y * z - w * x),
      2 * (x * z - w * y),
      2 * (y * z + w * x),
      1 - 2 * (x * x + y * y)
    };
  }
}
