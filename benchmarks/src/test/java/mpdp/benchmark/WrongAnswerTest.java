package mpdp.benchmark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.benchmark.harness.ProgramBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every benchmark throws when the answer of what it measures is wrong. */
class WrongAnswerTest {
  /** A benchmark, and an answer of its program. */
  record Case(Supplier<ProgramBenchmark> benchmark, String op, String operand) {}

  static Stream<Case> cases() {
    return List.of(
        new Case(EnsembleTrainStep::new, "adam", "parameters"),
        new Case(EnsembleTrainStep::new, "gaussian_nll", "loss"),
        new Case(SacUpdate::new, "polyak", "target"),
        new Case(SacUpdate::new, "critic_target", "target"),
        new Case(Imagine::new, "transition_sample", "reward"),
        new Case(OpStep::new, "mlp_forward", "y"),
        new Case(Plan::new, "transition_sample", "next"),
        new Case(PolicyImprovement::new, "mlp_backward", "dParameters"),
        new Case(PolicyImprovement::new, "rollout_objective", "objective"),
        new Case(WrongAnswerTest::elitesAlone, "transition_sample_backward", "dHeads"))
        .stream();
  }

  private static PolicyImprovement elitesAlone() {
    PolicyImprovement benchmark = new PolicyImprovement();
    benchmark.uncertainty = "false";
    return benchmark;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneWrongWordIsNoticed(Case given) {
    ProgramBenchmark benchmark = given.benchmark().get();
    assertThatThrownBy(() -> benchmark.prepare(new CorruptBackend(given.op(), given.operand())))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("wrong answer");
    benchmark.close();
  }

  @Test
  void theRightAnswerIsAccepted() {
    ProgramBenchmark benchmark = new SacUpdate();
    assertThatCode(() -> benchmark.prepare(new ReferenceBackend())).doesNotThrowAnyException();
    benchmark.close();
  }
}
