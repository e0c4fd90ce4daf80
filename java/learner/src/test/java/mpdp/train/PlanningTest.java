package mpdp.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mpdp.MpdpException;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.checkpoint.Checkpoint;
import mpdp.env.TaskOptions;
import mpdp.model.DynamicsEnsemble;
import mpdp.plan.CrossEntropy;
import mpdp.plan.GradientAscent;
import mpdp.plan.PathIntegral;
import mpdp.plan.Planner;
import mpdp.plan.PlannerOptions;
import mpdp.plan.Policy;
import mpdp.plan.Search;
import mpdp.settings.Settings;
import mpdp.settings.SmallSettings;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Planners and policies of what a run left behind, loaded without its settings. */
class PlanningTest {
  @TempDir Path folder;

  private final float[] observation = {-0.6f, 0.8f, 1.5f};

  /** Trains and returns the run folder. */
  private Path train(Settings settings) throws IOException {
    Path run = folder.resolve("run");
    try (Backend backend = Backends.open("auto", 1);
        Trainer trainer = Trainer.create(settings, backend, new TrainListener() {})) {
      trainer.run(Files.createDirectories(run.resolve("checkpoints")));
    }
    return run;
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "paper"})
  void everySearchLoadsFromARunFolder(String preset) throws IOException {
    Path run = train(SmallSettings.of(preset, List.of("agent.critic-norm=true")));
    for (Search search :
        List.of(
            new CrossEntropy(20, 4, 2, 3, 0.2, 0.1, 0.5, 0.05, true),
            new PathIntegral(20, 3, 2, 1, 5, 4, 0.5, 0, 2, 0.05),
            new GradientAscent(3, 2, 2, 0.1, 0.5))) {
      PlannerOptions options = PlannerOptions.defaults().with(search).on("auto", 1);
      try (Planner planner = Planner.load(run, options);
          Planner again = Planner.load(run, options)) {
        float[] action = planner.plan(observation);
        assertThat(action).hasSize(1);
        assertThat(action[0]).isBetween(-1f, 1f);
        assertThat(again.plan(observation)).isEqualTo(action);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "paper"})
  void theLoadedPolicyIsTheAgents(String preset) throws IOException {
    Settings settings = SmallSettings.of(preset, List.of());
    Path run = train(settings);
    float[] expected = new float[1];
    try (Backend backend = Backends.open("auto", 1);
        Policy saved = Policy.load(backend, Checkpoint.latest(run), 1);
        Policy policy = Policy.load(run, "auto", 1)) {
      MemorySegment action = MemorySegment.ofArray(expected);
      saved.act(MemorySegment.ofArray(observation), action);
      assertThat(policy.act(observation)).containsExactly(action.getAtIndex(JAVA_FLOAT, 0));
    }
  }

  private static TaskOptions options(Settings settings) {
    return TrainTasks.options(settings);
  }

  @Test
  void theLoadedEnsembleIsTheAgents() throws IOException {
    Path run = train(SmallSettings.of("fast", List.of()));
    try (Backend backend = Backends.open("auto", 1);
        TensorArena arena = backend.arena("test")) {
      DynamicsEnsemble model = DynamicsEnsemble.load(arena, run);
      assertThat(model.members()).isEqualTo(3);
      assertThat(model.network().parameters().floats())
          .isEqualTo(Checkpoint.latest(run).floats("agent.model.parameters"));
    }
  }

  @Test
  void whatCannotBePlannedWithIsRefusedInOneLine() throws IOException {
    PlannerOptions options = PlannerOptions.defaults().on("auto", 1);
    assertThatThrownBy(() -> Planner.load(folder.resolve("absent"), options))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("absent has no checkpoint");
    Path old = folder.resolve("old.safetensors");
    new Checkpoint().add("x", new long[] {1}, new float[1]).write(old);
    assertThatThrownBy(() -> Planner.load(old, options))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("an earlier version wrote it");
    Path run = train(SmallSettings.of("fast", List.of("train.algorithm=sac")));
    assertThatThrownBy(() -> Planner.load(run, options))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("no trained model");
  }

  /** 2000 random steps teach the model enough to swing the pole up; the policy is untrained. */
  @Test
  void aLearnedPendulumIsSwungUpByPlanning() throws IOException {
    Settings settings =
        SmallSettings.of(
            "fast",
            List.of(
                "train.steps=2001",
                "train.random-steps=2000",
                "train.replay-capacity=3000",
                "train.updates-per-step=1e-6",
                "train.evaluation-interval=0",
                "model.width=64",
                "model.layers=2",
                "model.batch=256",
                "model.max-epochs=100",
                "model.max-steps=2500",
                "model.weight-decay=[1e-5]"));
    Path run = train(settings);
    assertThat(score(run, settings, null)).isLessThan(-700);
    assertThat(score(run, settings, new CrossEntropy(100, 15, 4, 4, 0.1, 0.1, 0.7, 0.05, false)))
        .isGreaterThan(-350);
    assertThat(score(run, settings, new PathIntegral(128, 15, 4, 2, 16, 8, 1, 0, 1, 0.05)))
        .isGreaterThan(-350);
    assertThat(score(run, settings, new GradientAscent(8, 15, 6, 0.2, 0.7))).isGreaterThan(-350);
  }

  private static double score(Path run, Settings settings, @Nullable Search search)
      throws IOException {
    try (Backend backend = Backends.open("auto", 1);
        var files = Files.list(run.resolve("checkpoints"))) {
      Path checkpoint = files.max(Path::compareTo).orElseThrow();
      return Evaluator.evaluate(checkpoint, settings, backend, 3, 1, search, null).mean();
    }
  }
}
