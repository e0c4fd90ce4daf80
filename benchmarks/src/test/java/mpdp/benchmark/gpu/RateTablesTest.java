package mpdp.benchmark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RateTablesTest {
  private static final String RESULT =
      """
      {"benchmark": "mpdp.benchmark.SacUpdate.%s", "step": "%s",
       "params": {"backend": "cuda", "shape": "hopper", "threads": "1", "width": "256"},
       "secondaryMetrics": {
         "units_per_s": {"scorePercentiles": {"50.0": 8000}},
         "gflops": {"scorePercentiles": {"50.0": 4000}},
         "flops_per_step": {"scorePercentiles": {"50.0": 500000000}},
         "bytes_per_step": {"scorePercentiles": {"50.0": 25000000}},
         "launches_per_step": {"scorePercentiles": {"50.0": 30}},
         "alloc_bytes_per_step": {"scorePercentiles": {"50.0": 0}},
         "fraction_of_peak": {"scorePercentiles": {"50.0": "NaN"}}}%s}
      """;

  private static JsonNode json(String text) {
    return JsonMapper.builder().build().readTree(text);
  }

  private static JsonNode result(String method, String step, String more) {
    return json(RESULT.formatted(method, step, more));
  }

  @Test
  void aRateStandsBesideWhatTheCardCanDo() {
    JsonNode roofline =
        json("{\"fma_tflops\": 50.0, \"copy_gb_per_s\": 2000, \"graph_node_us\": 0.9}");
    assertThat(RateTables.of(roofline, List.of(result("run", "ours/SacUpdate", "")), List.of()))
        .containsExactly(
            "",
            "fma_tflops 50.0, copy_gb_per_s 2000, graph_node_us 0.9",
            "",
            "      units/s    us/step   GFLOP/s  % FMA % copy launches us of them   B/op  benchmark [step]",
            "      8,000.0      125.0     4,000    8.0   10.0       30       27.0      0"
                + "  SacUpdate shape=hopper width=256 [ours/SacUpdate]");
  }

  @Test
  void withoutARooflineItStandsAlone() {
    List<String> lines =
        RateTables.of(null, List.of(result("queued", "queued/SacUpdate", "")), List.of());
    assertThat(lines.getLast())
        .isEqualTo(
            "      8,000.0      125.0     4,000                     30                 0"
                + "  SacUpdate.queued shape=hopper width=256 [queued/SacUpdate]");
  }

  @Test
  void theFastestPeerInFp32IsPointedAt() {
    String peers =
        """
        , "peers": [
          {"how": "graph fp32", "precision": "fp32", "units_per_s": 2000},
          {"how": "compiled fp32", "precision": "fp32", "units_per_s": 4000},
          {"how": "compiled tf32", "precision": "tf32", "units_per_s": 5000},
          {"how": "eager failed: no"}]
        """;
    JsonNode result = result("run", "peers/SacUpdate", peers);
    List<String> lines = RateTables.of(null, List.of(result), List.of());
    String name = "  SacUpdate shape=hopper width=256 ";
    assertThat(lines.subList(3, lines.size()))
        .containsExactly(
            "",
            " mpdp units/s       PyTorch   ratio  benchmark [how]",
            "      8,000.0       2,000.0    4.00" + name + "[graph fp32]",
            "      8,000.0       4,000.0    2.00"
                + name
                + "[compiled fp32] <- the best in fp32 of these",
            "      8,000.0       5,000.0    1.60" + name + "[compiled tf32]",
            "      8,000.0                      " + name + "[eager failed: no]");
  }

  @Test
  void trainingRunsAreListed() {
    SequencedMap<String, Object> run = new LinkedHashMap<>();
    run.put("step", "hopper/card");
    run.put("env_steps", 4000.0);
    run.put("eval_return", 123.456);
    assertThat(RateTables.of(null, List.of(), List.of(run)))
        .containsExactly("", "hopper/card  env_steps 4000  eval_return 123.5");
    assertThat(RateTables.of(null, List.of(), List.of())).isEmpty();
  }
}
