package mpdp.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.plan.Planner;
import mpdp.plan.PlannerOptions;
import mpdp.settings.SmallSettings;
import mpdp.train.TrainListener;
import mpdp.train.Trainer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/embedding.md is that of {@link PlannerTask}, and works. */
class PlannerTaskTest {
  @TempDir private static Path run;

  private final float[] observation = {1, 0, 0.5f};

  @BeforeAll
  static void train() throws IOException {
    try (Backend backend = Backends.open("auto", 1);
        Trainer trainer =
            Trainer.create(SmallSettings.of("fast", List.of()), backend, new TrainListener() {})) {
      trainer.run(Files.createDirectories(run.resolve("checkpoints")));
    }
  }

  @Test
  void everyBlockOfThePageIsInTheSource() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(root.resolve("docs/embedding.md"))) {
      root = root.getParent();
    }
    Path source = root.resolve("java/learner/src/test/java/mpdp/example/PlannerTask.java");
    String code = stripped(Files.readString(source));
    Matcher blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(root.resolve("docs/embedding.md")));
    int count = 0;
    for (; blocks.find(); count++) {
      assertThat(code).contains(stripped(blocks.group(1)));
    }
    assertThat(count).isGreaterThan(3);
  }

  /** Lines without indentation. */
  private static String stripped(String code) {
    return code.replaceAll("(?m)^[ \t]+", "");
  }

  @Test
  void onePlanGivesAnAction() {
    assertThat(PlannerTask.once(run, observation)[0]).isBetween(-1f, 1f);
    assertThat(PlannerTask.policy(run, observation)[0]).isBetween(-1f, 1f);
    assertThat(PlannerTask.elites(run)).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void aLoopGivesEqualActionsForEqualSeeds() {
    assumeTrue(Backends.probe().stream().anyMatch(s -> s.name().equals("cpu") && s.available()));
    float[] first = PlannerTask.control(run, action -> observation, observation, 2);
    assertThat(PlannerTask.control(run, action -> observation, observation, 2)).isEqualTo(first);
  }

  @Test
  void robotsThatTakeTurnsKeepTheirPlans() {
    try (Planner planner = Planner.load(run, PlannerOptions.defaults().on("auto", 1))) {
      float[][] memories = new float[2][planner.memorySize()];
      float[][] observations = {observation, {-1, 0, -0.5f}};
      PlannerTask.turns(planner, memories, observations, new float[2][planner.actionSize()]);
      assertThat(memories[0]).isNotEqualTo(memories[1]).isNotEqualTo(new float[memories[0].length]);
    }
  }
}
