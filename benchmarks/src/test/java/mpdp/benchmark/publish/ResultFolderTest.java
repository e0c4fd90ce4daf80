package mpdp.benchmark.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mpdp.MpdpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
  @TempDir Path folder;

  private static String result(String step, int rate, String peers) {
    return """
    {"benchmark": "mpdp.benchmark.SacUpdate.run", "step": "%s", "params": {"width": "256"},
     "secondaryMetrics": {"units_per_s": {"scorePercentiles": {"50.0": %d}}}, "peers": [%s]}"""
        .formatted(step, rate, peers);
  }

  private static String peer(String mode, String precision, int rate) {
    return """
    {"mode": "%s", "precision": "%s", "how": "-", "units_per_s": %d}"""
        .formatted(mode, precision, rate);
  }

  @Test
  void aCheckMeasuresAVariantInSeveralSteps() throws IOException {
    String check =
        "{\"roofline\": {\"fma_tflops\": 60}, \"benchmarks\": [%s]}"
            .formatted(
                String.join(
                    ",",
                    result("ours/SacUpdate", 100, ""),
                    result("chains-off/SacUpdate", 90, ""),
                    result("peers/SacUpdate", 104, peer("graph", "fp32", 40)),
                    result(
                        "peers-rest/SacUpdate",
                        96,
                        peer("eager", "fp32", 10) + "," + peer("graph", "tf32", 50))));
    Files.writeString(folder.resolve("result.json"), check);
    ResultFolder results = new ResultFolder(folder);
    Measured found = results.find("SacUpdate", Map.of("width", "256"));
    assertThat(found.rate()).isEqualTo(104);
    assertThat(found.peer("graph")).isEqualTo(40);
    assertThat(found.peer("eager")).isEqualTo(10);
    assertThat(found.bestPeer("tf32")).isEqualTo(50);
    assertThat(results.peakGigaflops()).isEqualTo(60_000);
  }

  @Test
  void aVariantOfACheckWithoutPeersStandsAlone() throws IOException {
    Files.writeString(
        folder.resolve("result.json"),
        "{\"benchmarks\": [%s]}".formatted(result("ours/SacUpdate", 100, "")));
    assertThat(new ResultFolder(folder).find("SacUpdate", Map.of()).rate()).isEqualTo(100);
  }

  @Test
  void twoFilesWithTheSameVariantAreRefused() throws IOException {
    for (String name : new String[] {"a.json", "b.json"}) {
      Files.writeString(folder.resolve(name), "[" + result("", 100, "") + "]");
    }
    ResultFolder results = new ResultFolder(folder);
    assertThatThrownBy(() -> results.find("SacUpdate", Map.of()))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("2 results of SacUpdate");
  }
}
