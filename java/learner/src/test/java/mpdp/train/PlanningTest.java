package mpdp.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mpdp.MpdpException;
import mpdp.agent.Agent;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.checkpoint.AgentHeader;
import mpdp.checkpoint.Checkpoint;
import mpdp.checkpoint.RestoreVisitor;
import mpdp.checkpoint.SaveVisitor;
import mpdp.env.TaskSpec;
import mpdp.env.Tasks;
import mpdp.model.DynamicsEnsemble;
import mpdp.plan.CrossEntropy;
import mpdp.plan.GradientAscent;
import mpdp.plan.PathIntegral;
import mpdp.plan.Planner;
import mpdp.plan.PlannerOptions;
import mpdp.plan.Policy;
import mpdp.plan.PolicyRunner;
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
    float[] together = new float[2];
    float[] twice = {-0.6f, 0.8f, 1.5f, -0.6f, 0.8f, 1.5f};
    TaskSpec task = Tasks.spec("Pendulum-v1", TrainTasks.options(settings));
    try (Backend backend = Backends.open("auto", 1);
        Agent agent = Agent.create(backend, settings, task);
        PolicyRunner runner = agent.controller(1, true);
        Policy two = Policy.load(backend, Checkpoint.latest(run), 2);
        Policy policy = Policy.load(run, "auto", 1)) {
      agent.visit(new RestoreVisitor(Checkpoint.latest(run)).within(AgentHeader.PREFIX));
      runner.act(MemorySegment.ofArray(observation), MemorySegment.ofArray(expected));
      assertThat(policy.act(observation)).containsExactly(expected);
      two.act(MemorySegment.ofArray(twice), MemorySegment.ofArray(together));
      assertThat(together).containsExactly(expected[0], expected[0]);
    }
  }

  @Test
  void anAgentOfAnotherTaskIsRefusedInOneLine() {
    Settings settings = SmallSettings.of("fast", List.of());
    float[] bounds = new float[4];
    TaskSpec other = new TaskSpec("Other-v0", 4, 2, 100, bounds, bounds, false, 0.1);
    Path file = folder.resolve("other.safetensors");
    try (Backend backend = Backends.open("auto", 1);
        Agent agent = Agent.create(backend, settings, other);
        Arena arena = Arena.ofConfined()) {
      Checkpoint checkpoint = new Checkpoint();
      agent.visit(new SaveVisitor(checkpoint, arena).within(AgentHeader.PREFIX));
      agent.header().put(checkpoint);
      checkpoint.write(file);
      assertThatThrownBy(() -> Evaluator.evaluate(file, settings, backend, 1, 1, null, null))
          .isInstanceOf(MpdpException.class)
          .hasMessage(
              file
                  + " holds an agent of 4 observations and 2 actions, Pendulum-v1 has 3 and 1:"
                  + " evaluate it with the settings of its own run");
    }
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
