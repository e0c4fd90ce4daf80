package mpdp.env.classic;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import mpdp.env.TaskOptions;
import mpdp.env.Tasks;
import mpdp.env.VectorEnvironment;
import org.junit.jupiter.api.Test;

class PendulumTest {
  private static final TaskOptions OPTIONS = TaskOptions.defaults();

  private static float[] step(double angle, double speed, float action) {
    try (Arena arena = Arena.ofConfined();
        Pendulum pendulum = new Pendulum(OPTIONS, 1)) {
      MemorySegment actions = arena.allocateFrom(JAVA_FLOAT, action);
      MemorySegment observation = arena.allocate(12);
      MemorySegment reward = arena.allocate(4);
      MemorySegment terminated = arena.allocate(1);
      MemorySegment failed = arena.allocate(1);
      pendulum.place(0, angle, speed);
      pendulum.step(actions, observation, reward, terminated, failed);
      float[] o = observation.toArray(JAVA_FLOAT);
      return new float[] {o[0], o[1], o[2], reward.get(JAVA_FLOAT, 0)};
    }
  }

  @Test
  void fallsAsComputedByHand() {
    // theta = pi / 2: gravity gives 15 rad/s^2, torque 2 gives 6; after 0.05 s 1.05 rad/s.
    float[] after = step(Math.PI / 2, 0, 1);
    assertThat(after[2]).isEqualTo(1.05f);
    assertThat((double) after[0]).isEqualTo(Math.cos(Math.PI / 2 + 0.0525), within(1e-7));
    assertThat((double) after[1]).isEqualTo(Math.sin(Math.PI / 2 + 0.0525), within(1e-7));
    double cost = Math.PI * Math.PI / 4 + 0.001 * 4;
    assertThat((double) after[3]).isEqualTo(-cost, within(1e-6));
  }

  @Test
  void limitsTheSpeedAndWrapsTheAngleInTheCost() {
    float[] after = step(-3 * Math.PI / 2 + 2 * Math.PI * 5, 7.9, 0);
    assertThat(after[2]).isEqualTo(8f);
    double cost = Math.PI * Math.PI / 4 + 0.1 * 7.9 * 7.9;
    assertThat((double) after[3]).isEqualTo(-cost, within(1e-5));
  }

  @Test
  void cutsEpisodesAfterTwoHundredSteps() {
    try (VectorEnvironment environment = Tasks.create("Pendulum-v1", OPTIONS, 2, 1)) {
      environment.reset(7);
      for (int t = 1; t <= 200; t++) {
        environment.step();
        assertThat(environment.truncated().get(JAVA_BYTE, 1)).isEqualTo((byte) (t / 200));
        assertThat(environment.terminated().get(JAVA_BYTE, 1)).isZero();
      }
      assertThat(environment.observations().toArray(JAVA_FLOAT))
          .isNotEqualTo(environment.nextObservations().toArray(JAVA_FLOAT));
    }
  }
}
