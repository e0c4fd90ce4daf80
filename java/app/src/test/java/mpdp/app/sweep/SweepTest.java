package mpdp.app.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import mpdp.app.FakeRuns;
import mpdp.app.campaign.Campaign;
import mpdp.app.campaign.CampaignFile;
import mpdp.app.campaign.CampaignRun;
import mpdp.app.campaign.Registration;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
  private static final String HALVING =
      """
      steps = 900
      seeds = [1, 2]
      [grid]
      task = ["A", "B"]
      [study]
      method = "halving"
      trials = 7
      first-steps = 100
      [study.range]
      "agent.batch" = { int = [1, 1000] }
      """;

  @TempDir Path folder;

  /** Trains at once; a run's return per step is what a test says. */
  private static final class FakeExecutor implements Executor {
    final List<String> executed = new ArrayList<>();
    final ToDoubleFunction<CampaignRun> slope;
    int budget = Integer.MAX_VALUE;

    FakeExecutor(ToDoubleFunction<CampaignRun> slope) {
      this.slope = slope;
    }

    @Override
    public boolean execute(Campaign campaign, List<CampaignRun> runs) {
      for (CampaignRun run : runs) {
        if (budget-- <= 0) {
          return false;
        }
        executed.add(run.name() + " " + run.settings().train().steps());
        double gain = slope.applyAsDouble(run);
        if (Double.isNaN(gain)) {
          try (RunFolder open = RunFolder.resume(run.folder(), run.settings())) {
            open.fail("it cannot");
          }
        } else {
          FakeRuns.train(run.folder(), gain);
        }
      }
      return true;
    }

    @Override
    public void stop() {}
  }

  private Campaign sweep(String toml, FakeExecutor executor) throws IOException {
    CampaignFile file = CampaignFile.read(Files.writeString(folder.resolve("c.toml"), toml));
    Campaign campaign = new Registration(folder.resolve("out"), file).write();
    new Sweep(campaign, file, executor).run();
    return campaign;
  }

  private static double batch(CampaignRun run) {
    return run.settings().agent().batch();
  }

  @Test
  void whatIsMissingRunsAndFailuresStayUntilTheyAreRetried() throws IOException {
    String toml = "task = 'A'\nsteps = 200\nseeds = [1, 2, 3]\n";
    FakeExecutor executor = new FakeExecutor(run -> run.index() == 1 ? Double.NaN : 1);
    Campaign campaign = sweep(toml, executor);
    assertThat(campaign.runs())
        .extracting(CampaignRun::status)
        .containsExactly(RunStatus.FINISHED, RunStatus.FAILED, RunStatus.FINISHED);
    sweep(toml.replace("3]", "3, 4]"), executor);
    assertThat(executor.executed).hasSize(4).last().isEqualTo("A-mpdp-fast-s4 200");
    CampaignFile file = CampaignFile.read(folder.resolve("c.toml"));
    FakeExecutor mended = new FakeExecutor(run -> 1);
    Sweep again = new Sweep(Campaign.open(folder.resolve("out")), file, mended);
    again.retry();
    again.run();
    assertThat(mended.executed).containsExactly("A-mpdp-fast-s2 200");
  }

  @Test
  void theBestThirdOfTheTrialsGoesOn() throws IOException {
    FakeExecutor executor = new FakeExecutor(SweepTest::batch);
    Campaign campaign = sweep(HALVING, executor);
    // 7 trials of 2 tasks and 2 seeds, then 3 of them, then 1.
    assertThat(executor.executed).hasSize(4 * (7 + 3 + 1));
    assertThat(executor.executed.subList(28, 44))
        .extracting(line -> line.replaceAll(".* ", ""))
        .startsWith("300")
        .endsWith("900");
    double best = campaign.runs().stream().mapToDouble(SweepTest::batch).max().orElseThrow();
    assertThat(campaign.runs().stream().filter(run -> run.settings().train().steps() == 900))
        .hasSize(4)
        .allMatch(run -> batch(run) == best);
    List<String> table = Files.readAllLines(folder.resolve("out/study.csv"));
    assertThat(table.getFirst())
        .isEqualTo("trial,steps,runs,finished,failed,score,rank,agent.batch");
    assertThat(table).hasSize(8);
    assertThat(table.stream().filter(line -> line.contains(",900,4,4,0,")))
        .singleElement()
        .asString()
        .endsWith(",%s,1.0,%d".formatted(900 * best, (int) best));
  }

  @Test
  void aStudyThatIsStoppedAnywhereEndsTheSame() throws IOException {
    FakeExecutor whole = new FakeExecutor(SweepTest::batch);
    sweep(HALVING, whole);
    String table = Files.readString(folder.resolve("out/study.csv"));
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
    FakeExecutor parts = new FakeExecutor(SweepTest::batch);
    for (int call = 0; call < 12; call++) {
      parts.budget = 5;
      sweep(HALVING, parts);
    }
    assertThat(parts.executed).isEqualTo(whole.executed);
    assertThat(folder.resolve("out/study.csv")).hasContent(table);
  }

  @Test
  void aTrialThatFailsGoesNoFurther() throws IOException {
    FakeExecutor executor =
        new FakeExecutor(run -> batch(run) > 500 && run.name().startsWith("B") ? Double.NaN : 1);
    Campaign campaign = sweep(HALVING, executor);
    assertThat(campaign.runs().stream().map(SweepTest::batch)).anyMatch(batch -> batch > 500);
    assertThat(campaign.runs().stream().filter(run -> run.settings().train().steps() > 100))
        .isNotEmpty()
        .allMatch(run -> batch(run) <= 500);
  }

  @Test
  void ranksAreComparedWhereTasksHaveOtherScales() throws IOException {
    // On task A returns fall with the batch, a hundredfold; on B they grow. Ranks cancel out.
    FakeExecutor executor =
        new FakeExecutor(run -> run.name().startsWith("A") ? -100 * batch(run) : batch(run));
    sweep(HALVING.replace("trials = 7", "trials = 2"), executor);
    List<String> table = Files.readAllLines(folder.resolve("out/study.csv"));
    assertThat(table.get(1)).as("the first of equals").startsWith("t001,900,");
    assertThat(table.get(2)).startsWith("t002,100,").contains(",1.5,");
  }

  @Test
  void minutesComeFromSiblings() throws IOException {
    String toml = "task = 'A'\nsteps = 600\nseeds = [1, 2, 3]\n[grid]\nagent.batch = [8, 16]\n";
    FakeExecutor executor = new FakeExecutor(run -> 1);
    executor.budget = 1;
    sweep(toml, executor);
    CampaignFile file = CampaignFile.read(folder.resolve("c.toml"));
    Cost cost = Cost.of(file.runs(), folder.resolve("out"));
    assertThat(cost.rows()).extracting(Cost.Row::left).containsOnlyOnce(0L);
    assertThat(cost.left()).isEqualTo(5 * 600);
    assertThat(cost.steps()).isEqualTo(6 * 600);
    // A step took a second.
    assertThat(cost.minutes()).isEqualTo(5 * 10);
    assertThat(cost.unknown()).isZero();
    Cost before = Cost.of(file.runs(), folder.resolve("absent"));
    assertThat(before.unknown()).isEqualTo(6);
    assertThat(before.left()).isEqualTo(6 * 600);
  }
}
