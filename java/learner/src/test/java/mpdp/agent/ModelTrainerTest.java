package mpdp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import mpdp.backend.Backend;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.model.DynamicsEnsemble;
import mpdp.random.RandomState;
import mpdp.random.RandomStream;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.ModelSettings;
import mpdp.settings.SmallSettings;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ensemble on a known linear system: s' = s + 0.1 (A s + B a), reward = s_0 - 2 s_1 + a. */
class ModelTrainerTest {
  private static final int ROWS = 500;

  private final ModelSettings settings =
      SmallSettings.of(
              "fast",
              List.of(
                  "model.width=16", "model.max-steps=600", "model.max-epochs=0", "model.members=4"))
          .model();
  private final Backend backend = new ReferenceBackend();
  private final TensorArena arena = backend.arena("test");
  private final ReplayBuffer replay = new ReplayBuffer(arena, ROWS, 2, 1);
  private final DynamicsEnsemble model =
      new DynamicsEnsemble(arena, 2, 1, settings.sizes(), settings.elites());
  private final ModelTrainer trainer;

  ModelTrainerTest() {
    RandomStream random = new RandomStream(5, 0);
    model.initialize(random, settings.logVarianceMin(), settings.logVarianceMax());
    for (int k = 0; k < ROWS; k++) {
      float x = (float) random.nextGaussian();
      float y = (float) random.nextGaussian();
      float a = (float) (2 * random.nextDouble() - 1);
      replay.add(
          MemorySegment.ofArray(new float[] {x, y}),
          MemorySegment.ofArray(new float[] {a}),
          x - 2 * y + a,
          MemorySegment.ofArray(new float[] {x + 0.1f * y, y + 0.1f * (a - x - y)}),
          false);
    }
    trainer = new ModelTrainer(backend, settings, model, replay, 7);
  }

  @AfterEach
  void close() {
    trainer.close();
    arena.close();
    backend.close();
  }

  /** Errors are in units of the targets' variance: 1 is what predicting the mean gives. */
  private ModelHoldout.Result holdout() {
    ModelData data =
        new ModelData(
            arena,
            settings,
            model,
            replay,
            new RandomState(arena, 7, RandomState.Purpose.MODEL).words());
    return new ModelHoldout(backend, arena, model, data).evaluate(1);
  }

  @Test
  void learnsALinearSystem() {
    trainer.refreshNormalizer();
    ModelHoldout.Result before = holdout();
    assertThat(Arrays.stream(before.error()).min().orElseThrow()).isGreaterThan(0.3);
    ModelReport report = trainer.train();
    assertThat(report.steps()).isLessThanOrEqualTo(600);
    assertThat(Arrays.stream(holdout().error()).max().orElseThrow()).isLessThan(0.02);
    assertThat(report.holdoutError()).isLessThan(0.02);
    assertThat(report.holdoutLoss())
        .as("surer of itself")
        .isLessThan(Arrays.stream(before.loss()).min().orElseThrow() - 0.3);
  }

  @Test
  void theElitesAreTheBestOnTheHoldout() {
    ModelReport report = trainer.train();
    double[] errors = holdout().error();
    assertThat(errors).doesNotHaveDuplicates();
    int[] best =
        IntStream.range(0, errors.length)
            .boxed()
            .sorted(Comparator.comparingDouble(m -> errors[m]))
            .limit(settings.elites())
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(model.elites().ints()).containsExactly(best);
    assertThat(report.holdoutError())
        .as("of the weights that were kept")
        .isCloseTo(
            Arrays.stream(best).mapToDouble(m -> errors[m]).average().orElseThrow(), within(1e-9));
  }
}
