package mpdp.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import mpdp.agent.SavedPolicy;
import mpdp.backend.Backend;
import mpdp.checkpoint.Checkpoint;
import mpdp.env.Tasks;
import mpdp.env.VectorEnvironment;
import mpdp.settings.Settings;

/** Scores a policy by whole episodes in the real task, acting with the policy's mean. */
public final class Evaluator {
  private Evaluator() {}

  /** Scores the policy of a checkpoint over {@code episodes} episodes. */
  public static Evaluation evaluate(
      Path checkpoint, Settings settings, Backend backend, int episodes, long seed) {
    Checkpoint saved = Checkpoint.read(checkpoint);
    try (VectorEnvironment environment =
            Tasks.create(
                settings.task().id(),
                TrainTasks.options(settings),
                episodes,
                TrainTasks.threads(settings));
        SavedPolicy policy = new SavedPolicy(backend, settings, environment.spec(), episodes)) {
      policy.visit(new RestoreVisitor(saved).within(CheckpointFiles.AGENT));
      return run(environment, policy::act, seed);
    }
  }

  /** Runs the first episode of every copy of the task to its end. */
  static Evaluation run(
      VectorEnvironment environment, BiConsumer<MemorySegment, MemorySegment> policy, long seed) {
    int count = environment.count();
    double[] returns = new double[count];
    int[] lengths = new int[count];
    boolean[] ended = new boolean[count];
    int running = count;
    long actions = 0;
    environment.reset(seed);
    long start = System.nanoTime();
    while (running > 0) {
      policy.accept(environment.observations(), environment.actions());
      environment.step();
      actions += count;
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
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new Evaluation(returns, lengths, actions / seconds);
  }
}
