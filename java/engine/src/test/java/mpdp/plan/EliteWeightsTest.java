package mpdp.plan;

import static org.assertj.core.api.Assertions.assertThat;

import mpdp.backend.Backend;
import mpdp.backend.op.MlpShape;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.MlpPass;
import mpdp.nn.NetworkSizes;
import mpdp.random.RandomStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elites answer from the front of the vector as members do from their own places. */
class EliteWeightsTest {
  private static final int[] ELITES = {2, 0};
  private static final int ROWS = 3;

  private final RandomStream random = new RandomStream(5, 0);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void elitesAnswerAsTheMembersThatTheyAre(boolean norm) {
    try (Backend backend = new ReferenceBackend();
        TensorArena arena = backend.arena("test")) {
      DynamicsEnsemble model =
          new DynamicsEnsemble(arena, 2, 1, new NetworkSizes(4, 2, 5, norm), ELITES.length);
      fill(model.network().parameters());
      model.elites().write(ELITES);
      EliteWeights weights = new EliteWeights(arena, model);
      backend.record("gather", weights::record).run();
      for (int elite = 0; elite < ELITES.length; elite++) {
        float[] expected =
            answer(backend, arena, model, model.network().parameters(), ELITES[elite]);
        assertThat(answer(backend, arena, model, weights.parameters(), elite))
            .as("elite %d", elite)
            .containsExactly(expected);
      }
    }
  }

  /** What one member of {@code parameters} says of rows that are always the same. */
  private static float[] answer(
      Backend backend, TensorArena arena, DynamicsEnsemble model, Buffer parameters, int member) {
    MlpShape shape = model.network().shape();
    Buffer x = arena.allocate((long) ROWS * shape.inputs());
    x.write(0.1f, -0.7f, 1.3f, 0.4f, 0.9f, -1.1f, -0.2f, 0.6f, 0.8f);
    MlpPass pass = MlpPass.inferenceOfMember(arena, shape, parameters, member, ROWS);
    backend.record("ask", r -> pass.forward(r, x, null)).run();
    return pass.output().floats();
  }

  private void fill(Buffer buffer) {
    float[] values = new float[(int) buffer.words()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    buffer.write(values);
  }
}
