package mpdp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import mpdp.backend.Backend;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.model.DynamicsEnsemble;
import mpdp.random.RandomStream;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.ModelSettings;
import mpdp.settings.SmallSettings;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;

/** Few rows of a system with rare jumps: squared error goes on falling when likelihood rises. */
class HoldoutLossTest {
  private static final int ROWS = 200;

  @Test
  void likelihoodKeepsTheVariancesHonest() {
    ModelReport squares = train("mse");
    ModelReport likelihood = train("nll");
    assertThat(likelihood.holdoutLoss()).isLessThan(squares.holdoutLoss());
    assertThat(likelihood.steps()).isLessThanOrEqualTo(squares.steps());
  }

  private static ModelReport train(String measure) {
    ModelSettings settings =
        SmallSettings.of(
                "fast",
                List.of(
                    "model.width=32",
                    "model.max-steps=1500",
                    "model.max-epochs=0",
                    "model.patience=8",
                    "model.members=3",
                    "model.elites=2",
                    "model.holdout-loss=" + measure))
            .model();
    try (Backend backend = new ReferenceBackend();
        TensorArena arena = backend.arena("test")) {
      ReplayBuffer replay = new ReplayBuffer(arena, ROWS, 1, 1);
      fill(replay);
      DynamicsEnsemble model = new DynamicsEnsemble(arena, 1, 1, settings.sizes(), 2);
      RandomStream random = new RandomStream(5, 0);
      model.initialize(random, settings.logVarianceMin(), settings.logVarianceMax());
      try (ModelTrainer trainer = new ModelTrainer(backend, settings, model, replay, 7)) {
        ModelReport report = trainer.train();
        int[] elites = model.elites().ints();
        assertThat(Arrays.stream(elites).distinct().count()).isEqualTo(2);
        return report;
      }
    }
  }

  private static void fill(ReplayBuffer replay) {
    RandomStream random = new RandomStream(6, 0);
    for (int k = 0; k < ROWS; k++) {
      float x = (float) random.nextGaussian();
      float a = (float) (2 * random.nextDouble() - 1);
      float jump = random.nextDouble() < 0.1 ? 2 : 0;
      replay.add(
          MemorySegment.ofArray(new float[] {x}),
          MemorySegment.ofArray(new float[] {a}),
          x * a,
          MemorySegment.ofArray(new float[] {x + 0.1f * a + jump}),
          false);
    }
  }
}
