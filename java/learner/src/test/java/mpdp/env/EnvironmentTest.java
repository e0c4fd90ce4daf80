package mpdp.env;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.env.mujoco.MujocoInfo;
import mpdp.random.RandomStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every task's environment promises: episodes, determinism, saving. */
class EnvironmentTest {
  private static final TaskOptions OPTIONS = TaskOptions.defaults();

  private static VectorEnvironment create(String id, int count, int threads) {
    if (!id.startsWith("Pendulum")) {
      try {
        MujocoInfo.version();
      } catch (MpdpException e) {
        Assumptions.abort(e.getMessage());
      }
    }
    return Tasks.create(id, OPTIONS, count, threads);
  }

  /** Random actions for some steps; returns every byte that comes out. */
  private static byte[] play(VectorEnvironment environment, RandomStream random, int steps) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MemorySegment actions = environment.actions();
    for (int t = 0; t < steps; t++) {
      for (long k = 0; k < actions.byteSize() / 4; k++) {
        actions.setAtIndex(JAVA_FLOAT, k, (float) (2 * random.nextDouble() - 1));
      }
      environment.step();
      out.writeBytes(environment.observations().toArray(JAVA_BYTE));
      out.writeBytes(environment.nextObservations().toArray(JAVA_BYTE));
      out.writeBytes(environment.rewards().toArray(JAVA_BYTE));
      out.writeBytes(environment.terminated().toArray(JAVA_BYTE));
      out.writeBytes(environment.truncated().toArray(JAVA_BYTE));
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hopper-v5", "HalfCheetah-v5", "Ant-v5", "Humanoid-v5", "Pendulum-v1"})
  void givesTheSameBitsForAnyNumberOfThreads(String id) {
    try (VectorEnvironment one = create(id, 13, 1);
        VectorEnvironment two = create(id, 13, 2)) {
      one.reset(3);
      two.reset(3);
      assertThat(two.observations().toArray(JAVA_BYTE))
          .isEqualTo(one.observations().toArray(JAVA_BYTE));
      byte[] wanted = play(one, new RandomStream(1, 0), 120);
      assertThat(play(two, new RandomStream(1, 0), 120)).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvertedPendulum-v5", "Hopper-v5", "Humanoid-v4", "Pendulum-v1"})
  void continuesASavedStateBitForBit(String id) {
    try (VectorEnvironment first = create(id, 3, 1);
        VectorEnvironment second = create(id, 3, 2)) {
      first.reset(5);
      RandomStream random = new RandomStream(2, 0);
      play(first, random, 37);
      byte[] state = first.saveState();
      long position = random.position();
      byte[] observations = first.observations().toArray(JAVA_BYTE);
      byte[] wanted = play(first, random, 90);
      second.restoreState(state);
      assertThat(second.observations().toArray(JAVA_BYTE)).isEqualTo(observations);
      random.position(position);
      assertThat(play(second, random, 90)).isEqualTo(wanted);
    }
  }

  @Test
  void refusesTheStateOfSomethingElse() {
    try (VectorEnvironment two = create("Pendulum-v1", 2, 1);
        VectorEnvironment three = create("Pendulum-v1", 3, 1)) {
      assertThatThrownBy(() -> three.restoreState(two.saveState()))
          .isInstanceOf(MpdpException.class)
          .hasMessageContaining("3 x Pendulum-v1");
    }
  }

  @Test
  void keepsTheLastObservationOfATerminatedEpisode() {
    try (VectorEnvironment environment = create("InvertedPendulum-v5", 1, 1)) {
      environment.reset(1);
      int steps = 0;
      do {
        environment.actions().set(JAVA_FLOAT, 0, 0.9f);
        environment.step();
        steps++;
      } while (environment.terminated().get(JAVA_BYTE, 0) == 0 && steps < 1000);
      assertThat(steps).isLessThan(50);
      assertThat(environment.truncated().get(JAVA_BYTE, 0)).isZero();
      assertThat(Math.abs(environment.nextObservations().getAtIndex(JAVA_FLOAT, 1)))
          .isGreaterThan(0.2f);
      assertThat(Math.abs(environment.observations().getAtIndex(JAVA_FLOAT, 1)))
          .isLessThanOrEqualTo(0.01f);
      assertThat(environment.rewards().get(JAVA_FLOAT, 0)).isZero();
    }
  }

  @Test
  void startsEpisodesApartAndBySeed() {
    try (VectorEnvironment environment = create("Pendulum-v1", 2, 1)) {
      environment.reset(1);
      float[] first = environment.observations().toArray(JAVA_FLOAT);
      assertThat(first[0]).isNotEqualTo(first[3]);
      environment.reset(2);
      assertThat(environment.observations().toArray(JAVA_FLOAT)).isNotEqualTo(first);
      environment.reset(1);
      assertThat(environment.observations().toArray(JAVA_FLOAT)).isEqualTo(first);
    }
  }

  @Test
  void endsAnEpisodeWhoseActionIsNotANumber() {
    for (String id : new String[] {"Pendulum-v1", "Hopper-v5"}) {
      try (VectorEnvironment environment = create(id, 2, 1)) {
        environment.reset(1);
        float before = environment.observations().get(JAVA_FLOAT, 0);
        environment.actions().setAtIndex(JAVA_FLOAT, 0, Float.NaN);
        environment.step();
        assertThat(environment.failed().toArray(JAVA_BYTE)).containsExactly(1, 0);
        assertThat(environment.truncated().toArray(JAVA_BYTE)).containsExactly(1, 0);
        assertThat(environment.terminated().toArray(JAVA_BYTE)).containsExactly(0, 0);
        assertThat(environment.rewards().get(JAVA_FLOAT, 0)).isZero();
        assertThat(environment.nextObservations().get(JAVA_FLOAT, 0)).isEqualTo(before);
        assertThat(environment.failures()).isEqualTo(1);
        environment.actions().fill((byte) 0);
        environment.step();
        assertThat(environment.failed().toArray(JAVA_BYTE)).containsExactly(0, 0);
      }
    }
  }

  @Test
  void namesTheNearestTask() {
    assertThatThrownBy(() -> Tasks.create("HalfChetah-v5", OPTIONS, 1, 1))
        .isInstanceOf(UsageException.class)
        .hasMessage("unknown task HalfChetah-v5; did you mean HalfCheetah-v5?");
    assertThatThrownBy(() -> Tasks.create("Pendulum-v1", OPTIONS, 0, 1))
        .isInstanceOf(UsageException.class);
    assertThat(Tasks.names()).hasSize(15).contains("Swimmer-v4", "Pendulum-v1");
  }
}
