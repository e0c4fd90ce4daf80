package mpdp.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import mpdp.UsageException;
import org.junit.jupiter.api.Test;

class TheoryTest {
  private static final TheoryReport REPORT = Theory.verify(300, 1, 2);

  @Test
  void everyTheoremHolds() {
    assertThat(REPORT.results())
        .filteredOn(result -> result.statement().shouldHold())
        .allSatisfy(
            result -> {
              assertThat(result.violations()).as(result.name()).isZero();
              assertThat(result.tried()).as(result.name()).isPositive();
            });
    assertThat(REPORT.holds()).isTrue();
  }

  @Test
  void everyWrongStatementIsRefuted() {
    assertThat(REPORT.results())
        .filteredOn(result -> !result.statement().shouldHold())
        .allSatisfy(result -> assertThat(result.violations()).as(result.name()).isPositive());
  }

  @Test
  void aTailWithoutItsDiscountIsFoundOut() {
    TheoryReport broken = Theory.verify(300, 1, 2, Improvement.TAIL_AS_PRINTED);
    assertThat(broken.holds()).isFalse();
    assertThat(result(broken, Statement.LEMMA_1).violations()).isPositive();
    assertThat(result(broken, Statement.LEMMA_3).violations()).isPositive();
    assertThat(result(broken, Statement.THEOREM_4).violations()).isPositive();
    assertThat(result(broken, Statement.KL_FORM).violations()).isPositive();
    assertThat(result(broken, Statement.PENALTY_BOUND).violations()).isPositive();
  }

  @Test
  void aDroppedStoppingRewardIsFoundOut() {
    TheoryReport broken = Theory.verify(300, 1, 2, Improvement.STOP_AS_PRINTED);
    assertThat(broken.holds()).isFalse();
    assertThat(result(broken, Statement.ADAPTIVE_STOPPING).violations()).isPositive();
    assertThat(result(broken, Statement.LEMMA_1).violations()).isZero();
  }

  @Test
  void threadsDoNotChangeTheReport() {
    assertThat(Theory.verify(300, 1, 1)).isEqualTo(REPORT);
    assertThat(Theory.verify(300, 2, 1)).isNotEqualTo(REPORT);
  }

  @Test
  void theSharedPolicyRaisesItsObjectiveAndLowersEveryValue() {
    SharedPolicyCounterexample.Outcome outcome = SharedPolicyCounterexample.run();
    assertThat(outcome.objectiveGain()).isPositive();
    assertThat(outcome.valueChange()).hasSize(3);
    for (double change : outcome.valueChange()) {
      assertThat(change).isNegative();
    }
  }

  @Test
  void operatorsOnAProcessSolvedByHand() {
    // One state, two equal actions, reward 1: V* = (1 + alpha log 2) / (1 - g).
    TabularMdp loop =
        new TabularMdp(
            1, 2, 0.5, 0.2, new double[] {1, 1}, new double[] {1, 1}, new boolean[] {false});
    double best = (1 + 0.2 * Math.log(2)) / 0.5;
    assertThat(loop.optimum()[0]).isCloseTo(best, within(1e-12));
    assertThat(loop.evaluate(loop.boltzmann(new double[2]))[0]).isCloseTo(best, within(1e-12));
    double[] sure = {0, -1000};
    assertThat(loop.evaluate(sure)[0]).isCloseTo(2, within(1e-12));
    TabularMdp ended =
        new TabularMdp(
            1, 2, 0.5, 0.2, new double[] {1, 1}, new double[] {1, 1}, new boolean[] {true});
    assertThat(ended.optimum()[0]).isZero();
    assertThat(ended.evaluate(sure)[0]).isZero();
  }

  @Test
  void theReportAsTextAndJson() {
    assertThat(REPORT.table().lines()).hasSize(1 + Statement.values().length);
    assertThat(REPORT.json())
        .startsWith(
            "{\"mdps\":300,\"seed\":1,\"statements\":[{\"name\":\"Lemma 1: V_new >= V_old at every"
                + " state\",\"should_hold\":true,\"violations\":0,\"worst_margin\":")
        .endsWith("}]}")
        .doesNotContain("\n");
  }

  @Test
  void nothingToDoIsWrongUse() {
    assertThatThrownBy(() -> Theory.verify(0, 1, 1))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("at least 1");
  }

  private static TheoryReport.Result result(TheoryReport report, Statement statement) {
    return report.results().get(statement.ordinal());
  }
}
