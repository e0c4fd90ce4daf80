package mpdp.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mpdp.plan.CrossEntropy;
import mpdp.plan.PathIntegral;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  @TempDir Path folder;

  private final FakeLearner learner = new FakeLearner();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int mpdp(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(learner, new PrintWriter(out, true), new PrintWriter(err, true), texts);
  }

  private int train(Path run, Object... more) {
    Object[] arguments = new Object[9 + more.length];
    Object[] first = {
      "train",
      "Hopper-v5",
      "--run",
      run,
      "--steps",
      "100",
      "--set",
      "train.log-interval=10",
      "--set=train.checkpoint-interval=40"
    };
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    return mpdp(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "evalute | Unmatched argument at index 0: 'evalute'; the nearest is evaluate; see mpdp --help",
        "trian Hopper-v5 | Unmatched arguments from index 0: 'trian', 'Hopper-v5'; the nearest is train; see mpdp --help",
        "train | name a task, such as Hopper-v5 (see mpdp tasks), or --resume DIR",
        "train Hopper-v5 --steps 100 --steps 200 | option '--steps' (N) should be specified only once; see mpdp train --help",
        "train Hoper-v5 | unknown task Hoper-v5; the nearest is Hopper-v5",
        "train Hopper-v5 --preset papr | unknown preset papr; the nearest is paper",
        "train Hopper-v5 --steps -5 | train.steps = -5 is out of range; allowed: whole, [1, inf)",
        "train Hopper-v5 --algorithm x | train.algorithm = x is not allowed; allowed: mpdp, sac",
        "train Hopper-v5 --seeds 0 | --seeds 0 is out of range; allowed: 1 or more",
        "train Hopper-v5 --together | --together goes with --seeds N, for N of 2 or more",
        "train Hopper-v5 --seeds 65 --together | --together takes at most 64 seeds, not 65",
        "train --resume x --seeds 2 --together | --resume takes none of --run, --seeds and --together",
        "train Hopper-v5 --resume x | no such run folder: x",
        "evaluate absent | no such run folder: absent",
        "evaluate absent --episodes 0 | --episodes 0 is out of range; allowed: 1 or more",
        "evaluate absent --controller pid | unknown controller pid; allowed: policy, plan",
        "evaluate absent --controller plan --planner cmm | unknown planner cmm; the nearest is cem (all: cem, mppi, gradient)",
        "evaluate absent --planner cem | --planner cem goes with --controller plan only",
        "evaluate absent --video a.mp4 | --video a.mp4 is not a .gif; only GIF can be written",
        "plot absent --out a.pdf | --out a.pdf is not a .png; only PNG can be written",
        "plot absent --out a.png | no such run folder: absent",
      })
  void wrongUseIsOneLineAndExitCodeTwo(String arguments, String message) {
    assertThat(mpdp((Object[]) arguments.split(" "))).isEqualTo(2);
    assertThat(err).hasToString("mpdp: " + message + "\n");
    assertThat(learner.opened).isEmpty();
  }

  @Test
  void aRunLeavesACompleteFolder() throws IOException {
    Path run = folder.resolve("a");
    assertThat(train(run, "--seed", "3")).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("step 50/100  return 500.0  horizon 2.5")
        .endsWith("finished at step 100: " + run + "\n");
    assertThat(Files.readString(run.resolve("config.toml"))).contains("seed = 3\n");
    assertThat(Files.readString(run.resolve("run.json")))
        .contains("\"status\" : \"finished\"", "\"backend\" : \"fake\"", "\"env_steps\" : 100");
    assertThat(Files.readAllLines(run.resolve("metrics.csv")))
        .hasSize(11)
        .startsWith(
            "env_steps,train_return,eval_return,mean_horizon", "10,100,,2.5", "20,200,220,2.5");
    assertThat(run.resolve("plots/curves.png")).isNotEmptyFile();
    assertThat(run.resolve("events.out.tfevents.mpdp"))
        .content(StandardCharsets.ISO_8859_1)
        .contains("train_return");
    assertThat(Files.readString(run.resolve("log.txt"))).contains("one line");
  }

  @Test
  void anExistingFolderIsRefusedAndLeftAsItIs() throws IOException {
    Path run = Files.createDirectory(folder.resolve("b"));
    Files.writeString(run.resolve("mine"), "precious");
    assertThat(train(run)).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "mpdp: the run folder "
                + run
                + " exists and is not empty; name another with --run or go on with --resume "
                + run
                + "\n");
    try (var files = Files.list(run)) {
      assertThat(files).containsExactly(run.resolve("mine"));
    }
  }

  @Test
  void aFileInThePlaceOfTheFolderIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("c"), "");
    assertThat(train(file)).isEqualTo(2);
    assertThat(train(file.resolve("below"))).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("mpdp: cannot make the run folder " + file)
        .hasLineCount(1);
  }

  @Test
  void severalSeedsGoIntoFoldersOfTheirOwn() {
    assertThat(train(folder.resolve("d"), "--seeds", "2", "--seed", "5", "--quiet")).isZero();
    assertThat(learner.opened).extracting(s -> s.train().seed()).containsExactly(5L, 6L);
    assertThat(folder.resolve("d/s5/run.json")).exists();
    assertThat(folder.resolve("d/s6/run.json")).exists();
  }

  @Test
  void seedsSideBySideHaveFoldersAndLogsOfTheirOwn() throws IOException {
    Path runs = folder.resolve("g");
    assertThat(train(runs, "--seeds", "3", "--seed", "5", "--together"))
        .as(err.toString())
        .isZero();
    assertThat(learner.opened).extracting(s -> s.train().seed()).containsExactly(5L, 6L, 7L);
    for (int seed = 5; seed <= 7; seed++) {
      Path run = runs.resolve("s" + seed);
      assertThat(out.toString())
          .contains("seed " + seed + "  step 50/100  return 500.0", "finished at step 100: " + run);
      assertThat(Files.readAllLines(run.resolve("metrics.csv"))).hasSize(11);
      assertThat(run.resolve("log.txt")).content().containsOnlyOnce("one line");
    }
  }

  @Test
  void seedsSideBySideAllStartOrNone() throws IOException {
    Path runs = folder.resolve("h");
    Files.writeString(Files.createDirectories(runs.resolve("s6")).resolve("mine"), "precious");
    assertThat(train(runs, "--seeds", "2", "--seed", "5", "--together")).isEqualTo(2);
    assertThat(err.toString()).contains(runs.resolve("s6").toString()).hasLineCount(1);
    assertThat(learner.opened).isEmpty();
    assertThat(runs.resolve("s5")).doesNotExist();
  }

  @Test
  void aSeedThatFailsBesideOthersIsNamed() {
    learner.failAt = 73;
    assertThat(train(folder.resolve("i"), "--seeds", "2", "--seed", "5", "--together", "--quiet"))
        .isEqualTo(1);
    assertThat(err).hasToString("mpdp: seed 5: the model is not finite\n");
    assertThat(folder.resolve("i/s6/run.json")).exists();
  }

  @Test
  void aFailureIsRecordedAndAResumeEndsWithTheSameRows() throws IOException {
    Path whole = folder.resolve("whole");
    Path run = folder.resolve("e");
    train(whole);
    learner.failAt = 73;
    assertThat(train(run)).isEqualTo(1);
    assertThat(err).hasToString("mpdp: the model is not finite\n");
    assertThat(Files.readString(run.resolve("run.json")))
        .contains("\"status\" : \"failed\"", "\"error\" : \"the model is not finite\"");
    learner.failAt = Long.MAX_VALUE;
    assertThat(mpdp("train", "--resume", run)).isZero();
    assertThat(learner.restored)
        .containsExactly(run.resolve("checkpoints/step-000000040.safetensors"));
    assertThat(run.resolve("metrics.csv")).hasSameTextualContentAs(whole.resolve("metrics.csv"));
    assertThat(Files.readString(run.resolve("run.json")))
        .contains("\"status\" : \"finished\"", "\"resumed\" : 1")
        .doesNotContain("error");
  }

  @Test
  void aFinishedRunGoesOnOnlyWithMoreSteps() {
    Path run = folder.resolve("f");
    train(run);
    assertThat(mpdp("train", "--resume", run)).isZero();
    assertThat(out.toString()).contains("is finished at step 100; --steps N takes it further");
    assertThat(learner.opened).hasSize(1);
    assertThat(mpdp("train", "--resume", run, "--steps", 130)).isZero();
    assertThat(out.toString()).contains("finished at step 130");
  }

  @Test
  void aResumeTakesNoOtherSettings() {
    Path run = folder.resolve("g");
    train(run);
    assertThat(mpdp("train", "Ant-v5", "--resume", run, "--seed", 1, "--set", "a.b=1"))
        .isEqualTo(2);
    assertThat(err)
        .hasToString(
            "mpdp: --resume goes on with the run's own settings; leave out --seed, TASK, --set\n");
  }

  @Test
  void evaluatePrintsOneJsonObject() {
    Path run = folder.resolve("h");
    train(run);
    assertThat(mpdp("evaluate", run, "--seed", 4, "--json")).isZero();
    assertThat(out)
        .hasToString(
            "{\"task\":\"Hopper-v5\",\"controller\":\"policy\",\"episodes\":2,\"return_mean\":5.0,"
                + "\"return_std\":1.0,\"return_min\":4.0,\"length_mean\":15.0,\"actions_per_s\":null}\n");
  }

  @Test
  void evaluatePlansWithTheSearchThatIsNamed() {
    Path run = folder.resolve("plan");
    train(run);
    assertThat(mpdp("evaluate", run)).isZero();
    assertThat(mpdp("evaluate", run, "--controller", "plan", "--json")).isZero();
    assertThat(out.toString()).contains("\"controller\":\"plan\"");
    assertThat(mpdp("evaluate", run, "--controller", "plan", "--planner", "cem")).isZero();
    assertThat(learner.searches)
        .containsExactly(
            "null", PathIntegral.defaults().toString(), CrossEntropy.defaults().toString());
  }

  @Test
  void evaluateFilmsWhereItIsTold() {
    Path run = folder.resolve("film");
    train(run);
    assertThat(mpdp("evaluate", run)).isZero();
    assertThat(mpdp("evaluate", run, "--video", "a.GIF")).isZero();
    assertThat(learner.videos).containsExactly("null", "a.GIF");
  }

  @Test
  void aDryRunPrintsTheSettingsAndMakesNothing() {
    Path run = folder.resolve("i");
    assertThat(train(run, "--dry-run")).isZero();
    assertThat(out.toString()).contains("[agent]\n", "steps = 100\n", "# environment steps: 100\n");
    assertThat(run).doesNotExist();
    assertThat(learner.opened).isEmpty();
  }

  @Test
  void debugShowsTheTrace() {
    assertThat(mpdp("train", "Hoper-v5", "--debug")).isEqualTo(2);
    assertThat(err.toString()).startsWith("mpdp: unknown task").contains("\tat mpdp.app.");
    assertThat(mpdp("--debug", "plot", "absent", "--out", "a.png")).isEqualTo(2);
    assertThat(err.toString()).contains("\tat mpdp.app.");
  }

  @Test
  void verifyTheoryEndsWithItsJson() {
    assertThat(mpdp("verify-theory", "--mdps", 20, "--json")).isZero();
    assertThat(out.toString().lines().reduce("", (a, b) -> b))
        .startsWith("{\"mdps\":20,\"seed\":0,\"statements\":[{\"name\":");
  }
}
