package mpdp.benchmark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import mpdp.benchmark.gpu.Step.Kind;
import mpdp.benchmark.gpu.Step.Missing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CollectedTest {
  @TempDir Path folder;
  @TempDir Path out;
  private Workplace workplace;
  private Collected collected;

  @BeforeEach
  void makeFolders() throws IOException {
    workplace = new Workplace(folder);
    Files.createDirectories(workplace.logs());
    collected = new Collected(workplace);
  }

  private void ended(String name) {
    collected.add(new Step(name, 1, Kind.ALONE, () -> new Missing("")));
    collected.copyTo(out);
  }

  @Test
  void figuresComeFromLinesOfLogs() throws IOException {
    Files.writeString(workplace.log("roofline"), "warming up\n{\"fma_tflops\": 60.5}\n");
    Files.writeString(
        workplace.log("probe"), "{\"probe\": \"a\"}\nnoise\n{\"probe\": \"b\"}\n{\"probe\": \"c");
    ended("roofline");
    ended("probe");
    JsonNode roofline = collected.roofline();
    assertThat(roofline).isNotNull();
    assertThat(roofline.path("fma_tflops").asDouble()).isEqualTo(60.5);
    assertThat(collected.probe())
        .extracting(fact -> fact.path("probe").asString())
        .containsExactly("a", "b");
  }

  @Test
  void benchmarksAreKeptUnderTheirSteps() throws IOException {
    Files.writeString(
        workplace.benchmark("ours/A"), "[{\"benchmark\": \"A\"}, {\"benchmark\": \"B\"}]");
    Files.writeString(workplace.benchmark("ours/C"), "[{\"benchmark\": \"C\"");
    ended("ours/A");
    ended("ours/C");
    ended("ours/D");
    assertThat(collected.benchmarks())
        .extracting(result -> result.path("benchmark").asString() + result.path("step").asString())
        .containsExactly("Aours/A", "Bours/A");
  }

  @Test
  void aRunIsToldByItsLastFigures() throws IOException {
    Path run = Files.createDirectories(workplace.run("hopper/seeds-4").resolve("seed-2"));
    Files.writeString(
        run.resolve("metrics.csv"),
        "env_steps,wall_s,eval_return,loss\n100,1.5,,3\n200,2.5,77.5,2\n300,3.5,,1\n40");
    Files.createDirectories(workplace.run("hopper/cut-off"));
    Files.writeString(workplace.run("hopper/cut-off").resolve("metrics.csv"), "env_steps,wall");
    ended("hopper/seeds-4");
    ended("hopper/cut-off");
    assertThat(collected.trainings()).hasSize(1);
    assertThat(collected.trainings().getFirst())
        .containsEntry("step", "hopper/seeds-4")
        .containsEntry("env_steps", 300.0)
        .containsEntry("wall_s", 3.5)
        .containsEntry("eval_return", 77.5)
        .doesNotContainKey("loss");
  }

  @Test
  void whatIsReadAsAFileStandsOutsideOfTheArchive() throws IOException {
    Files.writeString(workplace.log("speed"), "own\n");
    Files.writeString(workplace.log("cublas/speed"), "by cuBLAS\n");
    Files.writeString(workplace.counters(), "==PROF== profiling\n\"ID\",\"Name\"\n\"0\",\"mlp\"\n");
    Path checkpoints = Files.createDirectories(workplace.run("training").resolve("checkpoints"));
    Files.writeString(checkpoints.resolve("large"), "much");
    Files.writeString(workplace.run("training").resolve("metrics.csv"), "env_steps\n1\n");
    ended("training");
    assertThat(Files.readString(out.resolve("speed.txt"))).isEqualTo("own\n\nby cuBLAS\n");
    assertThat(Files.readString(out.resolve("profile.csv")))
        .isEqualTo("\"ID\",\"Name\"\n\"0\",\"mlp\"\n");
    try (ZipFile logs = new ZipFile(out.resolve("logs.zip").toFile())) {
      assertThat(logs.stream().map(Object::toString))
          .containsExactlyInAnyOrderElementsOf(
              List.of("counters.csv", "cublas-speed.log", "speed.log", "training/metrics.csv"));
    }
  }
}
