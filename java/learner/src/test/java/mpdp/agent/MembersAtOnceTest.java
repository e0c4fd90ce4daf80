package mpdp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
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

/** However many members a back end takes at a time, training comes to the same bits. */
class MembersAtOnceTest {
  private static final int ROWS = 60;

  private final ModelSettings settings =
      SmallSettings.of(
              "fast",
              List.of(
                  "model.width=8",
                  "model.max-steps=20",
                  "model.max-epochs=0",
                  "model.members=4",
                  "model.bounds-learned=true"))
          .model();

  @Test
  void theSameWeightsAndBounds() {
    float[][] all = trained(4);
    assertThat(trained(1)).isDeepEqualTo(all);
    assertThat(trained(3)).isDeepEqualTo(all);
  }

  private float[][] trained(int membersAtOnce) {
    try (Backend reference = new ReferenceBackend();
        TensorArena arena = reference.arena("test")) {
      ReplayBuffer replay = new ReplayBuffer(arena, ROWS, 2, 1);
      RandomStream random = new RandomStream(5, 0);
      for (int row = 0; row < ROWS; row++) {
        float x = (float) random.nextGaussian();
        MemorySegment state = MemorySegment.ofArray(new float[] {x, 1 - x});
        MemorySegment action = MemorySegment.ofArray(new float[] {0.5f * x});
        replay.add(state, action, x, MemorySegment.ofArray(new float[] {2 * x, x}), false);
      }
      DynamicsEnsemble model =
          new DynamicsEnsemble(arena, 2, 1, settings.sizes(), settings.elites());
      model.initialize(random, settings.logVarianceMin(), settings.logVarianceMax());
      try (ModelTrainer trainer =
          new ModelTrainer(taking(membersAtOnce, reference), settings, model, replay, 7)) {
        trainer.train();
      }
      return new float[][] {model.network().parameters().floats(), model.bounds().floats()};
    }
  }

  private static Backend taking(int members, Backend backend) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) ->
                method.getName().equals("membersAtOnce")
                    ? members
                    : method.invoke(backend, arguments));
  }
}
