package mpdp.benchmark.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mpdp.benchmark.gpu.Step.Command;
import mpdp.benchmark.gpu.Step.Kind;
import mpdp.benchmark.gpu.Step.Missing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Steps made of shell scripts. */
@Timeout(240)
class CheckRunTest {
  @TempDir Path folder;
  private Workplace workplace;

  @BeforeEach
  void makeFolders() throws IOException {
    workplace = new Workplace(folder.resolve("work"));
    Files.createDirectories(workplace.logs());
  }

  private static Step script(String name, Kind kind, int seconds, String script) {
    return new Step(name, seconds, kind, () -> new Command(List.of("sh", "-c", script)));
  }

  private static Step script(String name, String script) {
    return script(name, Kind.ALONE, 30, script);
  }

  /** Runs the steps; name, result and detail of each. */
  private List<String> run(Duration all, Step... steps) throws IOException, InterruptedException {
    CheckResults results = new CheckResults(folder, new Collected(workplace), "abc", "cuda");
    new CheckRun(results, workplace, Map.of("GREETING", "hello"), all, 1).run(List.of(steps));
    JsonNode json =
        JsonMapper.builder().build().readTree(Files.readString(folder.resolve("result.json")));
    assertThat(json.has("running")).isFalse();
    assertThat(json.path("failed").asInt()).isEqualTo(results.failed());
    List<String> told = new ArrayList<>();
    for (JsonNode step : json.path("steps")) {
      told.add(
          "%s %s: %s"
              .formatted(
                  step.path("name").asString(),
                  step.path("result").asString(),
                  step.path("detail").asString()));
    }
    return told;
  }

  private List<String> run(Step... steps) throws IOException, InterruptedException {
    return run(Duration.ofSeconds(50), steps);
  }

  @Test
  void stepsAreToldByTheirLastLines() throws IOException, InterruptedException {
    assertThat(
            run(
                script("a", "echo 1; echo; echo 2; echo 3; echo \"say \\\"4\\\"\""),
                script("b/c", "echo $GREETING; exit 5")))
        .containsExactly("a passed: 2\n3\nsay \"4\"", "b/c failed: hello");
    assertThat(Files.readString(folder.resolve("table.txt")))
        .matches("(?s)a +passed +\\d+\\.\\d s  say \"4\"\nb/c +failed +\\d+\\.\\d s  hello\n");
  }

  @Test
  void aStepIsOutOfTimeByItself() throws IOException, InterruptedException {
    assertThat(
            run(script("slow", Kind.ALONE, 1, "echo begun; exec sleep 300"), script("b", "echo b")))
        .containsExactly("slow failed: begun\ntook longer than 1 s", "b passed: b");
  }

  @Test
  void whatIsLeftForAllIsALimitToo() throws IOException, InterruptedException {
    assertThat(
            run(
                Duration.ofSeconds(11),
                script("slow", Kind.ALONE, 2, "exec sleep 300"),
                script("late", "echo late")))
        .containsExactly("slow failed: took longer than 2 s", "late skipped: no time left");
  }

  @Test
  void whatIsMissingOrForbiddenIsSkipped() throws IOException, InterruptedException {
    Step absent = new Step("absent", 30, Kind.ALONE, () -> new Missing("no card here"));
    Step unknown =
        new Step("unknown", 30, Kind.ALONE, () -> new Command(List.of("/nonexistent/tool")));
    Pattern pattern = Pattern.compile("not supported");
    Step forbidden =
        new Step(
            "forbidden",
            30,
            Kind.ALONE,
            () ->
                new Command(
                    List.of("sh", "-c", "echo ' Device not supported'; echo bye; exit 1"),
                    Map.of(),
                    pattern));
    List<String> told = run(absent, unknown, forbidden);
    assertThat(told.get(0)).isEqualTo("absent skipped: no card here");
    assertThat(told.get(1))
        .isEqualTo("unknown skipped: cannot start /nonexistent/tool: No such file or directory");
    assertThat(told.get(2)).isEqualTo("forbidden skipped: not allowed here: Device not supported");
  }

  @Test
  void withoutAnEssentialStepTheOthersAreLeftOut() throws IOException, InterruptedException {
    assertThat(
            run(
                script("a", "echo a; exit 1"),
                script("opens", Kind.ESSENTIAL, 30, "echo no GPU; exit 1"),
                script("c", "echo c")))
        .containsExactly("a failed: a", "opens failed: no GPU");
  }

  @Test
  void whatRunsAloneWaitsForTheBackground() throws IOException, InterruptedException {
    String wait = "while [ ! -e %s ]; do sleep 0.05; done; echo %s";
    Path begun = folder.resolve("begun");
    Path ended = folder.resolve("ended");
    assertThat(
            run(
                script(
                    "compile",
                    Kind.BACKGROUND,
                    30,
                    wait.formatted(begun, "compiled") + "; sleep 0.3; touch " + ended),
                script("beside", Kind.ANY_TIME, 30, "touch " + begun + "; echo beside"),
                script("alone", "ls " + ended)))
        .containsExactly(
            "beside passed: beside", "compile passed: compiled", "alone passed: " + ended);
  }
}
