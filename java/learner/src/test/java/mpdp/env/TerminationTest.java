package mpdp.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Termination of predicted observations, at the boundaries and for what is not finite. */
class TerminationTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static TaskSpec spec(String id) {
    return Tasks.spec(id, new TaskOptions(true, false, 0));
  }

  /** An observation that is healthy but for one entry. */
  private static boolean alive(String id, float height, int entry, float value) {
    TaskSpec spec = spec(id);
    float[] observation = new float[spec.observationSize()];
    observation[0] = height;
    observation[entry] = value;
    return spec.alive(observation);
  }

  private static void boundaries(String id, float height, int entry, float... dead) {
    for (float value : dead) {
      assertThat(alive(id, height, entry, value)).as(id + " at " + value).isFalse();
    }
  }

  private static void inside(String id, float height, int entry, float... alive) {
    for (float value : alive) {
      assertThat(alive(id, height, entry, value)).as(id + " at " + value).isTrue();
    }
  }

  @Test
  void invertedPendulumFallsBeyondItsAngle() {
    inside("InvertedPendulum-v5", 0, 1, -0.2f, 0, 0.2f);
    inside("InvertedPendulum-v5", 0, 0, 1e30f);
    boundaries("InvertedPendulum-v5", 0, 1, 0.2001f, -0.2001f);
    boundaries("InvertedPendulum-v5", 0, 3, INFINITY, -INFINITY, Float.NaN);
  }

  @Test
  void hopperMustStandUprightAndSlow() {
    inside("Hopper-v5", 1.25f, 0, 0.7001f, 50);
    boundaries("Hopper-v5", 1.25f, 0, 0.7f, 0.6f, INFINITY, Float.NaN);
    inside("Hopper-v5", 1.25f, 1, -0.1999f, 0.1999f);
    boundaries("Hopper-v5", 1.25f, 1, -0.2f, 0.2f);
    inside("Hopper-v5", 1.25f, 10, -99.9f, 99.9f);
    boundaries("Hopper-v5", 1.25f, 10, -100, 100, Float.NaN);
    boundaries("Hopper-v5", 1.25f, 2, -100, 100);
  }

  @Test
  void walkerMustStayBetweenHeightsAndAngles() {
    inside("Walker2d-v5", 1.25f, 0, 0.8001f, 1.9999f);
    boundaries("Walker2d-v5", 1.25f, 0, 0.8f, 2, Float.NaN);
    inside("Walker2d-v5", 1.25f, 1, -0.9999f, 0.9999f);
    boundaries("Walker2d-v5", 1.25f, 1, -1, 1);
    inside("Walker2d-v5", 1.25f, 9, 1000);
  }

  @Test
  void antAndHumanoidKeepTheirHeights() {
    assertThat(spec("Ant-v5").observationSize()).isEqualTo(27);
    inside("Ant-v5", 0.75f, 0, 0.2f, 1);
    boundaries("Ant-v5", 0.75f, 0, 0.1999f, 1.0001f, Float.NaN);
    boundaries("Ant-v5", 0.75f, 20, INFINITY, Float.NaN);
    assertThat(spec("Humanoid-v4").observationSize()).isEqualTo(45);
    inside("Humanoid-v5", 1.4f, 0, 1, 2);
    boundaries("Humanoid-v5", 1.4f, 0, 0.9999f, 2.0001f, Float.NaN);
    boundaries("Humanoid-v5", 1.4f, 44, Float.NaN);
  }

  @Test
  void theOthersNeverEndButForNaN() {
    for (String id : new String[] {"HalfCheetah-v5", "Swimmer-v5", "Pendulum-v1"}) {
      assertThat(spec(id).terminates()).isFalse();
      inside(id, 0, 0, 1e30f, INFINITY);
      boundaries(id, 0, 1, Float.NaN);
    }
    for (String id : new String[] {"Hopper-v5", "Ant-v5", "InvertedPendulum-v5"}) {
      assertThat(spec(id).terminates()).isTrue();
    }
  }

  @Test
  void describesEveryTaskWithoutMujoco() {
    int[] whole = {4, 11, 17, 17, 105, 348, 8, 4, 11, 17, 17, 27, 376, 8, 3};
    int[] truncated = {4, 11, 17, 17, 27, 45, 8, 4, 11, 17, 17, 27, 45, 8, 3};
    assertThat(sizes(false)).isEqualTo(whole);
    assertThat(sizes(true)).isEqualTo(truncated);
    assertThat(Tasks.spec("Hopper-v5", new TaskOptions(false, false, 77)).maxEpisodeSteps())
        .isEqualTo(77);
  }

  private static int[] sizes(boolean truncated) {
    TaskOptions options = new TaskOptions(truncated, false, 0);
    return Tasks.names().stream()
        .mapToInt(id -> Tasks.spec(id, options).observationSize())
        .toArray();
  }

  @Test
  void boundsCoverTheObservation() {
    for (String id : Tasks.names()) {
      TaskSpec spec = spec(id);
      assertThat(spec.terminationLow()).hasSize(spec.observationSize());
      assertThat(spec.terminationHigh()).hasSize(spec.observationSize());
      float[] middle = new float[spec.observationSize()];
      Arrays.fill(middle, 0);
      middle[0] = id.startsWith("Ant") ? 0.75f : id.startsWith("Inv") ? 0 : 1.25f;
      assertThat(spec.alive(middle)).as(id).isTrue();
    }
  }
}
