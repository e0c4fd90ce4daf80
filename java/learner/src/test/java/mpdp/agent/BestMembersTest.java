package mpdp.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.MlpPass;
import mpdp.random.RandomStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members answer as they did when they were last kept, whatever came after. */
class BestMembersTest {
  private static final int MEMBERS = 3;
  private static final int ROWS = 4;
  private static final int INPUTS = 2;
  private static final int OUTPUTS = 2;

  private final RandomStream random = new RandomStream(3, 0);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyMemberAnswersAsWhenItWasKept(boolean norm) {
    MlpShape shape = new MlpShape(MEMBERS, INPUTS, 5, 2, OUTPUTS, MlpShape.Activation.SILU, norm);
    try (Backend backend = new ReferenceBackend();
        TensorArena arena = backend.arena("test")) {
      EnsembleMlp network = new EnsembleMlp(arena, shape, 0);
      Buffer x = arena.allocate(ROWS * INPUTS);
      fill(x);
      MlpPass pass = MlpPass.inference(arena, shape, network.parameters(), RowMode.SHARED, ROWS);
      Program ask = backend.record("ask", r -> pass.forward(r, x, null));
      BestMembers best = new BestMembers(backend, arena, network);
      fill(network.parameters());
      float[] expected = answers(ask, pass);
      for (int member = 0; member < MEMBERS; member++) {
        best.keep(member);
      }
      fill(network.parameters());
      best.keep(1);
      int answer = ROWS * OUTPUTS;
      System.arraycopy(answers(ask, pass), answer, expected, answer, answer);
      fill(network.parameters());
      float[] others = answers(ask, pass);
      assertThat(Arrays.mismatch(others, expected)).as("they have changed").isZero();
      best.restore();
      assertThat(answers(ask, pass)).containsExactly(expected);
    }
  }

  private static float[] answers(Program ask, MlpPass pass) {
    ask.run();
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
