package mpdp.app.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import mpdp.UsageException;
import mpdp.app.FakeRuns;
import mpdp.app.run.RunFinder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  @TempDir Path folder;

  private void make(String name, double slope, String... settings) {
    FakeRuns.make(folder.resolve(name), slope, settings);
  }

  private Comparison compare(long at, String... by) {
    return Comparison.of(
        RunFinder.below(folder), List.of(by), at == 0 ? OptionalLong.empty() : OptionalLong.of(at));
  }

  /**
   * Batch 64 gains 1, 2, 3, 4 a hundred steps on seeds 1 to 4; batch 8 one less; no seed 5 of 64.
   */
  private void twoBatches() {
    for (int seed = 1; seed <= 5; seed++) {
      String[] settings = {"task.id=A", "train.steps=400", "train.seed=" + seed, "agent.batch=8"};
      make("b8-s" + seed, (seed - 1) / 100.0, settings);
      if (seed < 5) {
        settings[3] = "agent.batch=64";
        make("b64-s" + seed, seed / 100.0, settings);
      }
    }
  }

  @Test
  void groupsHaveTheirStatisticsInAscendingOrderOfTheKey() {
    twoBatches();
    Comparison comparison = compare(0, "agent.batch");
    assertThat(comparison.steps()).isEqualTo(400);
    assertThat(comparison.groups()).extracting(Group::key).containsExactly("8", "64");
    Group group = comparison.groups().getLast();
    assertThat(group.n()).isEqualTo(4);
    assertThat(group.mean()).isEqualTo(10);
    assertThat(group.median()).isEqualTo(10);
    assertThat(group.min()).isEqualTo(4);
    assertThat(group.iqm()).isEqualTo(10);
    assertThat(group.interval().low()).isBetween(4.0, 8.0);
    assertThat(group.interval().high()).isBetween(12.0, 16.0);
    // Of slope 1 a hundred steps: 100 x 1, then trapezoids of 1.5, 2.5 and 3.5; times mean 2.5.
    assertThat(group.auc()).isEqualTo(2.5 * (1 + 1.5 + 2.5 + 3.5) / 4);
  }

  @Test
  void pairsAreOfEqualSeedsAlone() {
    twoBatches();
    Pair pair = compare(200, "agent.batch").pairs().getFirst();
    // Every difference is one a hundred steps, however much the seeds differ.
    assertThat(pair).isEqualTo(new Pair("8", "64", 4, -2, new Statistics.Interval(-2, -2)));
  }

  @Test
  void whatElseDiffersIsAStratum() {
    for (String task : new String[] {"A", "B"}) {
      for (String algorithm : new String[] {"mpdp", "sac"}) {
        double slope = (task.equals("A") ? 1 : 100) + (algorithm.equals("sac") ? 0.5 : 0);
        for (int seed = 1; seed <= 3; seed++) {
          make(
              task + algorithm + seed,
              slope,
              "task.id=" + task,
              "train.steps=100",
              "train.seed=" + seed,
              "train.algorithm=" + algorithm);
        }
      }
    }
    Comparison comparison = compare(0, "algorithm");
    Group mpdp = comparison.groups().getFirst();
    assertThat(mpdp.n()).isEqualTo(6);
    // Within a task all seeds are equal: resampling within the strata changes nothing.
    assertThat(mpdp.interval()).isEqualTo(new Statistics.Interval(mpdp.iqm(), mpdp.iqm()));
    assertThat(comparison.pairs())
        .containsExactly(new Pair("mpdp", "sac", 6, -50, new Statistics.Interval(-50, -50)));
    assertThat(compare(0, "task", "algorithm").groups())
        .extracting(Group::key)
        .containsExactly("A mpdp", "A sac", "B mpdp", "B sac");
  }

  @Test
  void runsThatHaveNotComeThatFarAreLeftOutAndNamed() {
    make("long", 1, "task.id=A", "train.steps=300", "train.seed=1");
    make("short", 1, "task.id=A", "train.steps=100", "train.seed=2");
    assertThat(compare(0, "algorithm").steps()).isEqualTo(100);
    Comparison comparison = compare(300, "algorithm");
    assertThat(comparison.groups().getFirst().n()).isEqualTo(1);
    assertThat(comparison.leftOut())
        .extracting(run -> run.path().getFileName().toString())
        .containsExactly("short");
    assertThatThrownBy(() -> compare(400, "algorithm"))
        .isInstanceOf(UsageException.class)
        .hasMessage("no run has an evaluation up to step 400 yet; see --at");
  }

  @Test
  void twinsAreRefused() {
    make("one", 1, "task.id=A", "train.steps=100");
    make("two", 1, "task.id=A", "train.steps=100");
    assertThatThrownBy(() -> compare(0, "algorithm"))
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith(
            "two differ in nothing but their folder; leave one out, or add folder or commit to"
                + " --by");
  }
}
