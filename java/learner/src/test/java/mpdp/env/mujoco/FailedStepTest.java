package mpdp.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.Objects;
import mpdp.env.AutoresetEnvironment;
import mpdp.env.TaskOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors inside MuJoCo end an episode, never the process. */
class FailedStepTest {
  private static final TaskOptions OPTIONS = TaskOptions.defaults();

  @BeforeEach
  void requireMujoco() {
    SingleStepper.requireMujoco();
  }

  private static MujocoSimulator hopper(int count, int threads) {
    MujocoTask task = Objects.requireNonNull(MujocoSimulator.find("Hopper-v5", OPTIONS));
    return new MujocoSimulator(task, OPTIONS, count, threads);
  }

  @Test
  void survivesRaisedErrors() {
    MujocoSimulator simulator = hopper(8, 2);
    try (AutoresetEnvironment environment = new AutoresetEnvironment(simulator)) {
      environment.reset(1);
      simulator.raise(3);
      simulator.raise(6);
      environment.step();
      assertThat(environment.failed().toArray(JAVA_BYTE)).containsExactly(0, 0, 0, 1, 0, 0, 1, 0);
      assertThat(environment.truncated().toArray(JAVA_BYTE))
          .isEqualTo(environment.failed().toArray(JAVA_BYTE));
      assertThat(simulator.failure(3)).isEqualTo("MuJoCo error: raised by a test");
      for (int k = 0; k < 2000; k++) {
        simulator.raise(k % 8);
        environment.step();
      }
      assertThat(environment.failures()).isEqualTo(2002);
    }
  }

  @Test
  void leavesTheOthersAlone() {
    MujocoSimulator failing = hopper(4, 1);
    try (AutoresetEnvironment one = new AutoresetEnvironment(failing);
        AutoresetEnvironment other = new AutoresetEnvironment(hopper(4, 1))) {
      one.reset(9);
      other.reset(9);
      failing.raise(1);
      for (int t = 0; t < 10; t++) {
        one.step();
        other.step();
        long row = 4L * one.spec().observationSize();
        for (int i : new int[] {0, 2, 3}) {
          assertThat(one.nextObservations().asSlice(i * row, row).toArray(JAVA_BYTE))
              .isEqualTo(other.nextObservations().asSlice(i * row, row).toArray(JAVA_BYTE));
        }
      }
    }
  }

  @Test
  void noticesAStateThatRunsAway() {
    try (SingleStepper single = new SingleStepper("Hopper-v5", false, true)) {
      double[] velocities = new double[6];
      velocities[0] = 1e11;
      single.reset(single.stepper.startPositions(), velocities);
      assertThat(single.step(new double[3]).status()).isNotZero();
      velocities[0] = 0;
      single.reset(single.stepper.startPositions(), velocities);
      assertThat(single.step(new double[3]).status()).isZero();
    }
  }

  @Test
  void checksSizesBeforeNativeCodeSeesThem() {
    try (MujocoSimulator simulator = hopper(2, 1);
        Arena arena = Arena.ofConfined()) {
      var good = arena.allocate(2 * 4 * 11);
      var two = arena.allocate(2);
      var eight = arena.allocate(8);
      assertThatThrownBy(() -> simulator.step(arena.allocate(20), good, eight, two, two))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("action bytes: 20 instead of 24");
      assertThatThrownBy(() -> simulator.raise(2)).isInstanceOf(IndexOutOfBoundsException.class);
      simulator.close();
      assertThatThrownBy(() -> simulator.step(arena.allocate(24), good, eight, two, two))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
