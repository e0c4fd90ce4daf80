package mpdp.benchmark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mpdp.benchmark.harness.Cost;
import mpdp.benchmark.harness.MadeUpResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON that scripts and the documents' tables read. */
class ResultsTest {
  @TempDir Path folder;

  private static final RunResult RESULT =
      MadeUpResult.ofRates(new Cost(2e9, 1.5e6, 12), 3, 200e9, 0.012, 45, 50, 52);

  private JsonNode read(Path file) throws IOException {
    return JsonMapper.builder().build().readTree(Files.readString(file));
  }

  @Test
  void aResultHoldsWhatAStepTakes() throws IOException {
    Path file = folder.resolve("sac.json");
    Results.write(file, List.of(RESULT));
    JsonNode result = read(file).get(0);
    assertThat(result.path("benchmark").asString()).isEqualTo("mpdp.benchmark.SacUpdate.run");
    assertThat(result.path("params").path("threads").asString()).isEqualTo("2");
    Map.of(
            "units_per_s", 150.0,
            "gflops", 100.0,
            "fraction_of_peak", 0.5,
            "fraction_of_attainable", 0.6,
            "peak_gflops", 200.0,
            "bytes_per_step", 1.5e6,
            "flops_per_step", 2e9,
            "launches_per_step", 12.0,
            "alloc_bytes_per_step", 0.0)
        .forEach(
            (name, value) ->
                assertThat(
                        result
                            .path("secondaryMetrics")
                            .path(name)
                            .path("scorePercentiles")
                            .path("50.0")
                            .asDouble(Double.NaN))
                    .as(name)
                    .isEqualTo(value));
    assertThat(result.has("peers")).isFalse();
  }

  @Test
  void aResultSaysWhereItWasMeasured() throws IOException {
    Path file = folder.resolve("sac.json");
    Results.write(file, List.of(RESULT, RESULT));
    for (JsonNode result : read(file)) {
      JsonNode origin = result.path("mpdp");
      assertThat(origin.propertyNames())
          .containsExactlyInAnyOrder(
              "version", "commit", "time", "java", "system", "processor", "cores", "isa");
      assertThat(origin.path("cores").asInt()).isPositive();
      assertThat(origin.path("java").asString()).isEqualTo(Runtime.version().toString());
      assertThat(origin.path("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}Z");
    }
    assertThat(read(file)).hasSize(2);
  }

  @Test
  void peersStandBesideTheirResult() throws IOException {
    Path file = folder.resolve("beside.json");
    Results.write(
        file,
        List.of(RESULT, RESULT),
        List.of(List.of(Map.of("how", "eager fp32", "ratio", 2.5)), List.of()));
    JsonNode results = read(file);
    assertThat(results.get(0).path("peers").get(0).path("ratio").asDouble()).isEqualTo(2.5);
    assertThat(results.get(0).path("peers").get(0).path("how").asString()).isEqualTo("eager fp32");
    assertThat(results.get(1).path("peers")).isEmpty();
  }
}
