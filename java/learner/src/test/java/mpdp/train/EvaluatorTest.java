package mpdp.train;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import mpdp.env.AutoresetEnvironment;
import mpdp.env.BatchSimulator;
import mpdp.env.TaskSpec;
import mpdp.env.VectorEnvironment;
import mpdp.random.RandomStream;
import org.junit.jupiter.api.Test;

/** Episodes of known length and reward. */
class EvaluatorTest {
  @Test
  void countsTheFirstEpisodeOfEveryCopy() {
    try (VectorEnvironment environment = new AutoresetEnvironment(new Staircase(3))) {
      Evaluation score = Evaluator.run(environment, (observations, actions) -> {}, 1);
      assertThat(score.lengths()).containsExactly(2, 3, 4);
      assertThat(score.returns()).containsExactly(1 + 2, 1 + 2 + 3, 1 + 2 + 3 + 4);
    }
  }

  @Test
  void filmsTheFirstEpisodeOfTheFirstCopyBeforeEachOfItsSteps() {
    List<Double> seen = new ArrayList<>();
    try (VectorEnvironment environment = new AutoresetEnvironment(new Staircase(3))) {
      Evaluator.run(
          environment,
          (observations, actions, ended) -> 3,
          1,
          shown -> seen.add(shown.capsules(0)[0]));
    }
    assertThat(seen).containsExactly(0.0, 1.0);
  }

  /** Copy i climbs one stair a step, is paid the stair's number and ends on stair i + 2. */
  private static final class Staircase implements BatchSimulator {
    private final int[] stair;

    Staircase(int count) {
      stair = new int[count];
    }

    @Override
    public TaskSpec spec() {
      float[] none = {Float.POSITIVE_INFINITY};
      return new TaskSpec("Staircase", 1, 1, 100, none, none, false, 0.1);
    }

    @Override
    public int count() {
      return stair.length;
    }

    @Override
    public void reset(int index, RandomStream random, MemorySegment observation) {
      stair[index] = 0;
    }

    @Override
    public void step(
        MemorySegment actions,
        MemorySegment observations,
        MemorySegment rewards,
        MemorySegment terminated,
        MemorySegment failed) {
      for (int i = 0; i < stair.length; i++) {
        stair[i]++;
        rewards.setAtIndex(JAVA_FLOAT, i, stair[i]);
        terminated.set(JAVA_BYTE, i, (byte) (stair[i] == i + 2 ? 1 : 0));
      }
    }

    @Override
    public double[] capsules(int index) {
      return new double[] {stair[index], 0, 0, 0, 0, 1, 0.1};
    }

    @Override
    public String failure(int index) {
      return "";
    }

    @Override
    public int stateBytes() {
      return 0;
    }

    @Override
    public void save(ByteBuffer out) {}

    @Override
    public void restore(ByteBuffer in) {}

    @Override
    public void close() {}
  }
}
