package mpdp.benchmark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mpdp.UsageException;
import mpdp.app.Benchmarks.Request;
import mpdp.benchmark.gpu.Step.Command;
import mpdp.benchmark.gpu.Step.Missing;
import mpdp.benchmark.run.Selection;
import mpdp.benchmark.run.Variant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckStepsTest {
  /** What a check does, in the order of its value. */
  private static final List<String> GROUPS =
      List.of(
          "doctor",
          "gpu",
          "opens",
          "parity",
          "tests",
          "roofline",
          "probe",
          "speed",
          "ours",
          "chains-off",
          "chains-on",
          "ours-12",
          "cem-large",
          "ours-bf16",
          "seeds-4",
          "queued",
          "training",
          "mujoco",
          "hopper",
          "cublas",
          "compile",
          "chain-races",
          "racecheck",
          "memcheck",
          "profile",
          "peers",
          "peers-rest");

  @TempDir Path folder;

  @BeforeEach
  void makeBundle() throws IOException {
    for (String jar : List.of("mpdp-engine-1.jar", "mpdp-app-1.jar", "jcuda-1.jar")) {
      Files.createDirectories(folder.resolve("jars"));
      Files.createFile(folder.resolve("jars").resolve(jar));
    }
  }

  private List<Step> steps(String backend, String answer, String... asked) {
    Bundle bundle = new Bundle(folder, backend, List.of("-Dflag=1"));
    Pytorch pytorch = new Pytorch(() -> answer, "");
    Workplace workplace = new Workplace(folder);
    return CheckSteps.of(new StepCommands(bundle, workplace, pytorch), backend, List.of(asked));
  }

  private static Stream<String> names(List<Step> steps) {
    return steps.stream().map(Step::name);
  }

  private static List<String> words(Step step) {
    return step.prepared().get() instanceof Command command ? command.words() : List.of();
  }

  @Test
  void theMostValuableStepsComeFirst() {
    List<Step> steps = steps("cuda", "torch 2");
    assertThat(steps.stream().map(Step::group).distinct()).containsExactlyElementsOf(GROUPS);
    assertThat(names(steps)).doesNotHaveDuplicates();
    assertThat(steps).allSatisfy(step -> assertThat(step.seconds()).isBetween(1, 200));
  }

  @Test
  void theDocumentNamesEveryGroup() throws IOException {
    String document = Files.readString(root().resolve("docs/benchmarks.md"));
    assertThat(GROUPS).allSatisfy(group -> assertThat(document).contains("`" + group + "`"));
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("benchmarks/gpu"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  @Test
  void stepsAreAskedForByNameOrGroup() {
    assertThat(names(steps("cuda", "", "ours/Plan", "doctor", "ours-12")))
        .containsExactly("doctor", "ours/Plan", "ours-12");
    assertThat(names(steps("cuda", "", "cublas"))).containsExactly("cublas/parity", "cublas/speed");
    assertThat(names(steps("cpu", "")))
        .containsExactly("doctor", "opens", "parity", "tests", "training", "mujoco");
    assertThatThrownBy(() -> steps("cuda", "", "ours/Nothing"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no step is called ours/Nothing; there are doctor gpu opens");
  }

  @Test
  void everyBenchmarkThatAStepNamesExists() {
    int benchmarks = 0;
    for (Step step : steps("cuda", "torch 2")) {
      List<String> words = words(step);
      int at = words.indexOf("bench");
      if (at >= 0) {
        benchmarks++;
        String title = words.get(at + 1);
        assertThat(variants(title, words))
            .as(step.name())
            .extracting(Variant::title)
            .containsOnly(title);
        String detail = step.name().substring(step.name().indexOf('/') + 1);
        assertThat(title)
            .satisfiesAnyOf(
                t -> assertThat(t).startsWith(detail),
                t -> assertThat(detail).isIn("ours-12", "cem-large"));
      }
    }
    assertThat(benchmarks).isGreaterThan(25);
  }

  private static List<Variant> variants(String title, List<String> words) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--set")) {
        String[] set = words.get(i + 1).split("=");
        parameters.put(set[0], List.of(set[1].split(",")));
      }
    }
    return Selection.of(new Request(title, parameters, false, 1, 0, null, false));
  }

  @Test
  void everyTestThatAStepNamesExists() {
    List<String> classes = new ArrayList<>(CheckSteps.TEST_CLASSES);
    classes.add(CheckSteps.CASES);
    classes.add(CheckSteps.SPEED);
    assertThat(classes)
        .allSatisfy(
            name ->
                assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull());
  }

  @Test
  void testsRunWithoutTheProgram() {
    List<String> words = words(steps("cuda", "", "parity").getFirst());
    String classPath = words.get(words.indexOf("-cp") + 1);
    assertThat(classPath)
        .contains("mpdp-engine-1.jar", "jcuda-1.jar", "test-jars/*")
        .doesNotContain("mpdp-app");
    assertThat(words).contains("-Dflag=1", "-Dmpdp.test.require=cuda", CheckSteps.CASES);
  }

  @Test
  void whatIsNotHereIsSaid() {
    assertThat(steps("cuda", "No module named torch", "peers", "compile", "mujoco", "roofline"))
        .extracting(step -> step.prepared().get())
        .containsOnly(
            new Missing("no roofline in the bundle"),
            new Missing("no MuJoCo in the bundle"),
            new Missing("no PyTorch here"));
  }

  @Test
  void cublasIsTheFileThatPytorchLoaded() {
    String maps =
        """
        torch 2.11
        7f00-7f01 r--p 0 00:01 7   /opt/torch/lib/libcublasLt.so.13
        7f02-7f03 r--p 0 00:01 8   /opt/torch/lib/libcublas.so.13
        """;
    Command command = (Command) steps("cuda", maps, "cublas").getFirst().prepared().get();
    assertThat(command.words()).contains("-Dmpdp.cublas=/opt/torch/lib/libcublas.so.13");
    assertThat(command.environment().get("LD_LIBRARY_PATH")).startsWith("/opt/torch/lib:");
  }
}
