package mpdp.app.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mpdp.UsageException;
import mpdp.settings.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CampaignFileTest {
  @TempDir Path folder;

  private CampaignFile read(String toml) throws IOException {
    return CampaignFile.read(Files.writeString(folder.resolve("c.toml"), toml));
  }

  private List<String> names(String toml) throws IOException {
    return read(toml).runs().stream().map(PlannedRun::name).toList();
  }

  @Test
  void theGridIsEveryCombinationAndTheFirstSeedOfAllComesFirst() throws IOException {
    List<PlannedRun> runs =
        read("""
        task = "InvertedPendulum-v5"
        preset = "fast"
        steps = 5000
        seeds = [1, 2]
        [set]
        "train.random-steps" = 500
        [grid]
        "agent.batch" = [64, 128]
        algorithm = ["mpdp", "sac"]
        """)
            .runs();
    assertThat(runs)
        .extracting(PlannedRun::name)
        .containsExactly(
            "InvertedPendulum-v5-mpdp-fast-agent.batch=64-s1",
            "InvertedPendulum-v5-sac-fast-agent.batch=64-s1",
            "InvertedPendulum-v5-mpdp-fast-agent.batch=128-s1",
            "InvertedPendulum-v5-sac-fast-agent.batch=128-s1",
            "InvertedPendulum-v5-mpdp-fast-agent.batch=64-s2",
            "InvertedPendulum-v5-sac-fast-agent.batch=64-s2",
            "InvertedPendulum-v5-mpdp-fast-agent.batch=128-s2",
            "InvertedPendulum-v5-sac-fast-agent.batch=128-s2");
    PlannedRun last = runs.getLast();
    assertThat(last.settings().train().algorithm()).isEqualTo(Algorithm.SAC);
    assertThat(last.settings().train().randomSteps()).isEqualTo(500);
    assertThat(last.settings().train().steps()).isEqualTo(5000);
    assertThat(last.settings().train().seed()).isEqualTo(2);
    assertThat(last.settings().agent().batch()).isEqualTo(128);
  }

  @Test
  void variantsAreChosenCombinationsAndMayChangeWhatIsSet() throws IOException {
    List<PlannedRun> runs =
        read("""
        seeds = "7..8"
        [set]
        agent.batch = 32
        [grid]
        task = ["Hopper-v5", "Ant-v5"]
        [[variant]]
        name = "plain"
        [[variant]]
        name = "wide"
        "agent.batch" = 256
        "model.weight-decay" = [1e-5]
        """)
            .runs();
    assertThat(runs)
        .extracting(PlannedRun::name)
        .startsWith(
            "Hopper-v5-mpdp-fast-plain-s7",
            "Ant-v5-mpdp-fast-plain-s7",
            "Hopper-v5-mpdp-fast-wide-s7",
            "Ant-v5-mpdp-fast-wide-s7")
        .hasSize(8);
    assertThat(runs).extracting(run -> run.settings().agent().batch()).startsWith(32, 32, 256, 256);
    assertThat(runs.get(2).variant()).isEqualTo("wide");
    assertThat(runs.get(2).settings().model().weightDecay()).containsExactly(1e-5);
  }

  @Test
  void namesAreFileNamesAndTellDifferentValuesApart() throws IOException {
    List<String> names =
        names(
            """
            task = "Hopper-v5"
            seeds = [0]
            [grid]
            "model.weight-decay" = [[1e-5, 2e-5, 3e-5], [1e-5, 2e-5, 4e-5]]
            """);
    assertThat(names).hasSize(2).doesNotHaveDuplicates();
    assertThat(names).allMatch(name -> name.matches("[A-Za-z0-9._+=-]+"));
  }

  @Test
  void aStudysTrialsAreVariantsThatASeedDecides() throws IOException {
    String toml =
        """
        task = "Hopper-v5"
        steps = 9000
        seeds = [1, 2]
        [study]
        method = "random"
        trials = 5
        seed = 3
        [study.range]
        "agent.critic-learning-rate" = { log = [1e-4, 1e-2] }
        "agent.alpha" = { uniform = [0.1, 0.2] }
        "plan.horizon" = { int = [1, 3] }
        "agent.batch" = { choice = [64, 128] }
        """;
    List<PlannedRun> runs = read(toml).runs();
    assertThat(runs).hasSize(10).extracting(PlannedRun::variant).startsWith("t001", "t002");
    for (PlannedRun run : runs) {
      assertThat(run.settings().agent().criticLearningRate()).isBetween(1e-4, 1e-2);
      assertThat(run.settings().agent().alpha()).isBetween(0.1, 0.2);
      assertThat(run.settings().plan().horizon()).isBetween(1, 3);
      assertThat(run.settings().agent().batch()).isIn(64, 128);
    }
    assertThat(runs).extracting(r -> r.settings().agent().alpha()).hasSizeGreaterThan(2);
    assertThat(read(toml).runs()).isEqualTo(runs);
    List<PlannedRun> more = read(toml.replace("trials = 5", "trials = 6")).runs();
    assertThat(more.subList(0, 5)).isEqualTo(runs.subList(0, 5));
    assertThat(read(toml.replace("seed = 3", "seed = 4")).runs()).isNotEqualTo(runs);
  }

  @Test
  void halvingTrainsTheFewTheLonger() throws IOException {
    CampaignFile file =
        read(
            """
            task = "Hopper-v5"
            steps = 10000
            seeds = [1]
            [study]
            method = "halving"
            trials = 10
            first-steps = 1000
            keep = 3
            [study.range]
            "agent.batch" = { int = [16, 256] }
            """);
    Study study = file.study();
    assertThat(study).isNotNull();
    assertThat(study.rungs()).containsExactly(1000L, 3000L, 9000L, 10000L);
    assertThat(List.of(study.trialsOn(0), study.trialsOn(1), study.trialsOn(2), study.trialsOn(3)))
        .containsExactly(10, 4, 2, 1);
    assertThat(file.runs()).allMatch(run -> run.settings().train().steps() == 1000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sedes = [1] | unknown key sedes in FILE; the nearest is seeds",
        "task = 'a' | FILE names no seeds; add seeds = [1, 2, 3]",
        "seeds = 'x' | FILE: seeds = x is not allowed",
        "seeds = [1, 1] | FILE: seeds = [1, 1] is not allowed",
        "seeds = '3..1' | FILE: seeds = 3..1 is not allowed",
        "seeds = '1..999999999' | FILE: seeds = 1..999999999 is not allowed",
        "seeds = [1] | FILE: no task is named",
        "seeds = [1];task = ['a'] | FILE has a list as task; lists of values go under [grid]",
        "seeds = [1];task = 'a';set = 3 | FILE: set is no table; write [set]",
        "seeds = [1];task = 'a';[set];agent.bacth = 3 | unknown key agent.bacth in FILE [set]; the"
            + " nearest is agent.batch",
        "seeds = [1];task = 'a';[set];agent.batch = 'x' | FILE: agent.batch = x is not allowed",
        "seeds = [1];task = 'a';[set];seed = 4 | FILE [set] names a seed; list them as seeds = [1,"
            + " 2]",
        "seeds = [1];task = 'a';[set];task.id = 'b' | FILE [set] names task.id; write task",
        "seeds = [1];task = 'a';[set];train.steps = 4;[grid];steps = [1] | FILE [grid] names"
            + " train.steps once more",
        "seeds = [1];task = 'a';[grid];agent.batch = 4 | FILE [grid] agent.batch = 4 is no list of"
            + " values",
        "seeds = [1];task = 'a';[grid];agent.batch = [4, 4] | FILE asks twice for the run"
            + " a-mpdp-fast-agent.batch=4-s1",
        "seeds = [1];task = 'a';[[variant]];agent.batch = 4 | FILE: each [[variant]] needs a name"
            + " of letters",
        "seeds = [1];task = 'a';[[variant]];name = 'b/c' | FILE: each [[variant]] needs a name of"
            + " letters",
        "seeds = [1];task = 'a';[[variant]];name = 'b';[[variant]];name = 'b' | FILE has two"
            + " variants named b",
        "seeds = [1];task = 'a';[study];method = 'best' | FILE [study] has trials = null; allowed:"
            + " whole, 1 to 10000",
        "seeds = [1];task = 'a';[study];trials = 2 | FILE [study] has no ranges; add [study.range]",
        "seeds = [1];task = 'a';[study];trials = 2;method = 'best';range = { 'agent.batch' = { int"
            + " = [1, 2] } } | FILE [study] has method = best; allowed: random, halving",
        "seeds = [1];task = 'a';[study];trials = 2;range = { 'agent.batch' = { log = [0, 2] } } |"
            + " FILE [study] agent.batch = {log=[0, 2]} is no range",
        "seeds = [1];task = 'a';[study];trials = 2;method = 'halving';range = { 'agent.batch' = {"
            + " int = [1, 2] } } | FILE: halving needs steps",
      })
  void aMistakeIsOneLineThatNamesTheKey(String toml, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("c.toml"), toml.replace(';', '\n'));
    assertThatThrownBy(() -> CampaignFile.read(file).runs())
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(message.replace("FILE", file.toString()))
        .extracting(Throwable::getMessage)
        .asString()
        .doesNotContain("\n");
  }
}
