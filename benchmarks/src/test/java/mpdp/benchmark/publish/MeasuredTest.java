package mpdp.benchmark.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import mpdp.MpdpException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class MeasuredTest {
  private static final String RESULT =
      """
      {"benchmark": "mpdp.benchmark.PolicyImprovement.run",
       "params": {"backend": "cuda", "horizon": "3"},
       "primaryMetric": {"score": 7, "scorePercentiles": {"50.0": 8}},
       "secondaryMetrics": {
         "units_per_s": {
             "score": 90, "scorePercentiles": {"50.0": 100}, "rawData": [[60, 110, 100]]},
         "gc.count": {"score": 1},
         "fraction_of_peak": {"score": "NaN", "scorePercentiles": {"50.0": "NaN"}}},
       "peers": [%s]}
      """;

  private static Measured of(String... peers) {
    String text = RESULT.formatted(String.join(",", peers));
    return Measured.of(JsonMapper.builder().build().readTree(text));
  }

  private static String ran(String mode, String precision, String variant, int rate) {
    return """
    {"mode": "%s", "precision": "%s", "variant": "%s", "how": "-", "units_per_s": %d}"""
        .formatted(mode, precision, variant, rate);
  }

  @Test
  void mediansCountAndWhatWasNotMeasuredIsRefused() {
    Measured result = of();
    assertThat(result.title()).isEqualTo("PolicyImprovement");
    assertThat(result.parameters())
        .isEqualTo(Map.of("backend", "cuda", "horizon", "3", "uncertainty", "true"));
    assertThat(result.score()).isEqualTo(8);
    assertThat(result.rate()).isEqualTo(100);
    assertThat(result.bestRate()).isEqualTo(110);
    assertThatThrownBy(() -> result.median("fraction_of_peak"))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("PolicyImprovement")
        .hasMessageContaining("fraction_of_peak");
    assertThat(result.bestPeer("fp32")).isNaN();
  }

  @Test
  void theBestPeerIsTheFastestOfItsPrecisionAndWork() {
    Measured result =
        of(
            ran("eager", "fp32", "all", 10),
            ran("graph", "fp32", "all", 20),
            ran("graph", "tf32", "all", 25),
            ran("eager", "fp32", "shuffled", 30));
    assertThat(result.bestPeer("fp32")).isEqualTo(30);
    Measured all = result.beside("all");
    assertThat(all.bestPeer("fp32")).isEqualTo(20);
    assertThat(all.bestPeer("tf32")).isEqualTo(25);
    assertThat(all.peer("eager")).isEqualTo(10);
    assertThat(all.peer("compiled")).isNaN();
  }

  @Test
  void bestRoundsAreThoseBesideTheFastest() {
    String slow =
        """
        {"mode": "eager", "precision": "fp32", "units_per_s": 9, "best_ratio": 3}""";
    String fast =
        """
        {"mode": "compiled", "precision": "fp32", "units_per_s": 12, "best_ratio": 1.5}""";
    assertThat(of(slow, "{\"how\": \"graph fp32 failed: no GPU\"}", fast).bestRounds("fp32"))
        .isEqualTo(1.5);
    assertThat(of(slow, fast).bestRounds("bf16")).isNaN();
    assertThat(of(ran("eager", "fp32", "all", 10)).bestRounds("fp32")).isNaN();
  }

  @Test
  void whereAWayFailedNoneIsTheBest() {
    String silent = "{\"how\": \"members all graph tf32 failed: no GPU\"}";
    Measured died = of(ran("eager", "fp32", "all", 10), silent).beside("all");
    assertThat(died.bestPeer("tf32")).isNaN();
    assertThat(died.bestPeer("fp32")).isEqualTo(10);
    String eager =
        """
        {"mode": "eager", "precision": "fp32", "variant": "all", "failed": "graph: no", "units_per_s": 9}""";
    Measured fallen = of(ran("compiled", "fp32", "all", 30), eager);
    assertThat(fallen.bestPeer("fp32")).isNaN();
    assertThat(fallen.peer("eager")).isEqualTo(9);
    assertThat(fallen.peer("graph")).isNaN();
  }

  @Test
  void aSilentPeerDoesTheWorkThatTheParametersAskFor() {
    String text = RESULT.formatted("{\"how\": \"graph fp32 failed: no GPU\"}");
    String asked = text.replace("\"params\": {", "\"params\": {\"uncertainty\": \"true\", ");
    assertThat(asked).isNotEqualTo(text);
    Measured result = Measured.of(JsonMapper.builder().build().readTree(asked));
    assertThat(result.beside("all").peers()).hasSize(1);
    assertThat(of("{\"how\": \"graph fp32 failed: no GPU\"}").beside("all").peers()).isEmpty();
  }

  @Test
  void numbersAreWrittenAsTheDocumentsWriteThem() {
    assertThat(Numbers.threeDigits(38.953)).isEqualTo("39.0");
    assertThat(Numbers.threeDigits(52)).isEqualTo("52.0");
    assertThat(Numbers.threeDigits(104.12)).isEqualTo("104");
    assertThat(Numbers.threeDigits(999.6)).isEqualTo("1000");
    assertThat(Numbers.threeDigits(18_453.4)).isEqualTo("18 500");
    assertThat(Numbers.threeDigits(0.012345)).isEqualTo("0.0123");
    assertThat(Numbers.percent(0.5328)).isEqualTo("53 %");
    assertThat(Numbers.whole(1298.455)).isEqualTo("1298");
    assertThat(Numbers.row("a", "", "b")).isEqualTo("| a | | b |");
  }
}
