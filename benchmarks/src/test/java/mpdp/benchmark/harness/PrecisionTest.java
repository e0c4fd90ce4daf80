package mpdp.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mpdp.backend.Backend;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Precision;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.plan.PathIntegral;
import org.junit.jupiter.api.Test;

/** Which networks compute in bf16 when it is asked for: the model where it predicts, no other. */
class PrecisionTest {
  private static final Shape SHAPE = Shape.of("hopper");

  @Test
  void theAgentsPlansPredictInBf16() {
    try (Backend backend = new ReferenceBackend()) {
      assertThat(agent(backend, "update")).isNotEmpty().allMatch(PrecisionTest::asAsked);
    }
  }

  @Test
  void theEnsembleIsTrainedInFloat32() {
    try (Backend backend = new ReferenceBackend()) {
      assertThat(agent(backend, "model step"))
          .isNotEmpty()
          .allMatch(forward -> forward.precision() == Precision.FP32);
    }
  }

  @Test
  void plannersAndImaginationPredictInBf16() {
    try (Backend backend = new ReferenceBackend();
        Subject plan = new PlanSubject(backend, SHAPE, PathIntegral.defaults(), Precision.BF16);
        Subject imagined = new ImaginationSubject(backend, SHAPE, 8, 2, Precision.BF16)) {
      assertThat(networks(plan)).isNotEmpty().allMatch(PrecisionTest::asAsked);
      assertThat(networks(imagined)).isNotEmpty().allMatch(PrecisionTest::asAsked);
    }
  }

  /** The model is the network with SiLU. */
  private static boolean asAsked(MlpForward forward) {
    boolean model = forward.shape().activation() == Activation.SILU;
    return forward.precision() == (model ? Precision.BF16 : Precision.FP32);
  }

  private static List<MlpForward> agent(Backend backend, String program) {
    try (Subject agent =
        new AgentSubject(backend, SHAPE, program, "plan.horizon=2", "plan.precision=bf16")) {
      return networks(agent);
    }
  }

  private static List<MlpForward> networks(Subject subject) {
    return subject.program().operations().stream()
        .filter(MlpForward.class::isInstance)
        .map(MlpForward.class::cast)
        .toList();
  }
}
