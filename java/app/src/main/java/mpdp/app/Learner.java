package mpdp.app;

import java.nio.file.Path;
import java.util.function.ObjIntConsumer;
import mpdp.plan.Search;
import mpdp.settings.Settings;
import mpdp.train.Evaluation;
import mpdp.train.TrainListener;
import org.jspecify.annotations.Nullable;

/** What the commands need of the engine and the learner; tests put their own in its place. */
interface Learner {
  /**
   * Checks at little cost that the task exists and that a named back end can run.
   *
   * @throws mpdp.MpdpException in one line, if not
   */
  void check(Settings settings);

  /** Opens the back end and builds the agent; nothing is trained yet. */
  Session open(Settings settings, TrainListener listener);

  /**
   * Opens one back end for several runs that train side by side, sharing launches where their
   * settings ask for the same work. Calls {@code run} with each number from 0 and a learner for it,
   * on a thread of its own, and returns when all have ended.
   *
   * @throws RuntimeException what the first one that failed threw, once the others have ended
   */
  void together(Settings settings, int runs, ObjIntConsumer<Learner> run);

  /**
   * Scores a checkpoint.
   *
   * @param search act by planning through the model, or null: with the policy
   * @param video receives an animated GIF of the first episode, or null
   */
  Evaluation evaluate(
      Path checkpoint,
      Settings settings,
      int episodes,
      long seed,
      @Nullable Search search,
      @Nullable Path video);

  /** One training run in this process. */
  interface Session extends AutoCloseable {
    /** The back end's name and device, for {@code run.json}. */
    String backend();

    /** Goes on from a checkpoint. */
    void restore(Path checkpoint);

    /** Trains up to the last step, writing checkpoints into the folder, or until stopped. */
    void run(Path checkpoints);

    /** Asks {@link #run} to finish its step, write a checkpoint and return; from any thread. */
    void stop();

    @Override
    void close();
  }
}
