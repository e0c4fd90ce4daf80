package mpdp.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mpdp.MpdpException;
import mpdp.backend.Backend;
import mpdp.checkpoint.AgentHeader;
import mpdp.checkpoint.Checkpoint;
import mpdp.env.TaskSpec;
import mpdp.env.Tasks;
import mpdp.env.VectorEnvironment;
import mpdp.env.render.EpisodeVideo;
import mpdp.plan.Planner;
import mpdp.plan.Policy;
import mpdp.plan.Search;
import mpdp.settings.Settings;
import org.jspecify.annotations.Nullable;

/** Scores an agent by whole episodes in the real task, without exploration. */
public final class Evaluator {
  private static final Consumer<VectorEnvironment> UNSEEN = environment -> {};

  private Evaluator() {}

  /**
   * Scores a checkpoint over {@code episodes} episodes.
   *
   * @param search act by planning through the model, or null: with the policy's mean
   * @param video receives an animated GIF of the first episode, or null
   * @throws MpdpException if the checkpoint cannot be read, is of another task or does not allow
   *     planning, or the video cannot be written
   */
  public static Evaluation evaluate(
      Path checkpoint,
      Settings settings,
      Backend backend,
      int episodes,
      long seed,
      @Nullable Search search,
      @Nullable Path video) {
    Checkpoint saved = Checkpoint.read(checkpoint);
    try (EpisodeVideo recording = video == null ? null : new EpisodeVideo(video);
        VectorEnvironment environment =
            Tasks.create(
                settings.task().id(),
                TrainTasks.options(settings),
                episodes,
                TrainTasks.threads(settings))) {
      requireFits(checkpoint, AgentHeader.of(saved).task(), environment.spec());
      Consumer<VectorEnvironment> film =
          recording == null ? UNSEEN : shown -> recording.frame(shown, 0);
      if (search != null) {
        try (Planner planner = Planner.load(backend, saved, search, seed)) {
          return run(environment, new PlanController(planner, episodes), seed, film);
        }
      }
      try (Policy policy = Policy.load(backend, saved, episodes)) {
        return run(environment, Controller.of(policy::act), seed, film);
      }
    }
  }

  private static void requireFits(Path checkpoint, AgentHeader.TaskHeader agent, TaskSpec task) {
    if (agent.states() != task.observationSize() || agent.actions() != task.actionSize()) {
      throw new MpdpException(
          "%s holds an agent of %d observations and %d actions, %s has %d and %d: evaluate it with the settings of its own run"
              .formatted(
                  checkpoint,
                  agent.states(),
                  agent.actions(),
                  task.id(),
                  task.observationSize(),
                  task.actionSize()));
    }
  }

  /** Runs the first episode of every copy of the task to its end. */
  static Evaluation run(
      VectorEnvironment environment, BiConsumer<MemorySegment, MemorySegment> policy, long seed) {
    return run(environment, Controller.of(policy), seed, UNSEEN);
  }

  /** As above; {@code film} sees the task before every step of copy 0's first episode. */
  static Evaluation run(
      VectorEnvironment environment,
      Controller controller,
      long seed,
      Consumer<VectorEnvironment> film) {
    int count = environment.count();
    double[] returns = new double[count];
    int[] lengths = new int[count];
    boolean[] ended = new boolean[count];
    int running = count;
    long actions = 0;
    long nanoseconds = 0;
    environment.reset(seed);
    while (running > 0) {
      if (!ended[0]) {
        film.accept(environment);
      }
      long start = System.nanoTime();
      actions += controller.act(environment.observations(), environment.actions(), ended);
      environment.step();
      nanoseconds += System.nanoTime() - start;
      for (int i = 0; i < count; i++) {
        if (ended[i]) {
          continue;
        }
        returns[i] += environment.rewards().getAtIndex(ValueLayout.JAVA_FLOAT, i);
        lengths[i]++;
        if (environment.terminated().get(ValueLayout.JAVA_BYTE, i) != 0
            || environment.truncated().get(ValueLayout.JAVA_BYTE, i) != 0) {
          ended[i] = true;
          running--;
        }
      }
    }
    return new Evaluation(returns, lengths, actions / (nanoseconds * 1e-9));
  }
}
