package mpdp.benchmark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import mpdp.benchmark.gpu.Step.Command;
import mpdp.benchmark.gpu.Step.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A check that is ended from outside, in the middle of its third step. */
@Timeout(240)
class CutOffTest {
  private static final String BENCHMARK =
      """
      [{"benchmark": "mpdp.benchmark.SacUpdate.run", "params": {"width": "256"}}]
      """;

  @TempDir Path folder;
  private Process check;

  /** A check in a JVM of its own; the argument is its folder. */
  static final class Main {
    public static void main(String[] arguments) throws IOException, InterruptedException {
      Path folder = Path.of(arguments[0]);
      Workplace workplace = new Workplace(folder.resolve("work"));
      Files.createDirectories(workplace.logs());
      Files.writeString(workplace.benchmark("second"), BENCHMARK);
      CheckResults results = new CheckResults(folder, new Collected(workplace), "abc", "cuda");
      CheckRun run = new CheckRun(results, workplace, Map.of(), Duration.ofSeconds(500), 1);
      run.run(
          List.of(
              script("first", "echo one"),
              script("second", "echo two"),
              script("third", "echo $$ >" + folder.resolve("pid") + "; exec sleep 300"),
              script("fourth", "echo four")));
    }

    private static Step script(String name, String script) {
      return new Step(name, 400, Kind.ALONE, () -> new Command(List.of("sh", "-c", script)));
    }
  }

  private void start() throws IOException, InterruptedException {
    check =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("console").toFile())
            .start();
    while (check.isAlive() && sleeper() < 0) {
      Thread.sleep(50);
    }
    assertThat(check.isAlive()).as(Files.readString(folder.resolve("console"))).isTrue();
  }

  /** The process of the third step; -1 before it says which one. */
  private long sleeper() throws IOException {
    Path file = folder.resolve("pid");
    String text = Files.exists(file) ? Files.readString(file).strip() : "";
    return text.isEmpty() ? -1 : Long.parseLong(text);
  }

  @AfterEach
  void endAll() throws IOException {
    check.destroyForcibly();
    ProcessHandle.of(sleeper()).ifPresent(ProcessHandle::destroyForcibly);
  }

  private void assertKept() throws IOException {
    JsonNode json =
        JsonMapper.builder().build().readTree(Files.readString(folder.resolve("result.json")));
    assertThat(json.path("steps").valueStream().map(step -> step.path("name").asString()))
        .containsExactly("first", "second");
    assertThat(json.path("steps").valueStream().map(step -> step.path("result").asString()))
        .containsOnly("passed");
    assertThat(json.path("running").asString()).isEqualTo("third");
    assertThat(json.path("benchmarks").valueStream().map(b -> b.path("step").asString()))
        .containsExactly("second");
    assertThat(Files.readString(folder.resolve("table.txt"))).contains("first", "two", "width=256");
    try (ZipFile logs = new ZipFile(folder.resolve("logs.zip").toFile())) {
      byte[] log = logs.getInputStream(logs.getEntry("first.log")).readAllBytes();
      assertThat(log).isEqualTo("one\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void whatWasDoneIsKeptWhereItIsKilled() throws IOException, InterruptedException {
    start();
    check.destroyForcibly();
    assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertKept();
  }

  @Test
  void whereItIsToldToEndItsStepEndsWithIt() throws IOException, InterruptedException {
    start();
    check.destroy();
    assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(LimitedProcessTest.ended(sleeper())).isTrue();
    assertKept();
  }
}
