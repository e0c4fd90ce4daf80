package mpdp.app;

import java.nio.file.Path;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.env.TaskOptions;
import mpdp.env.Tasks;
import mpdp.plan.Search;
import mpdp.settings.Settings;
import mpdp.settings.TaskSettings;
import mpdp.train.Evaluation;
import mpdp.train.Evaluator;
import mpdp.train.TrainListener;
import mpdp.train.Trainer;
import org.jspecify.annotations.Nullable;

/** The learner on a back end of the engine. */
final class EngineLearner implements Learner {
  @Override
  public void check(Settings settings) {
    TaskSettings task = settings.task();
    Tasks.spec(
        task.id(),
        new TaskOptions(
            task.truncatedObservations(), task.gymnasiumMargins(), task.maxEpisodeSteps()));
    if (!settings.train().backend().equals(Backends.AUTO)) {
      open(settings).close();
    }
  }

  @Override
  public Session open(Settings settings, TrainListener listener) {
    Backend backend = open(settings);
    try {
      return new EngineSession(backend, Trainer.create(settings, backend, listener));
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  @Override
  public Evaluation evaluate(
      Path checkpoint,
      Settings settings,
      int episodes,
      long seed,
      @Nullable Search search,
      @Nullable Path video) {
    try (Backend backend = open(settings)) {
      return Evaluator.evaluate(checkpoint, settings, backend, episodes, seed, search, video);
    }
  }

  private static Backend open(Settings settings) {
    return Backends.open(
        settings.train().backend(), settings.train().device(), settings.train().threads());
  }

  private record EngineSession(Backend engine, Trainer trainer) implements Session {
    @Override
    public String backend() {
      return engine.name() + " (" + engine.device() + ")";
    }

    @Override
    public void restore(Path checkpoint) {
      trainer.restore(checkpoint);
    }

    @Override
    public void run(Path checkpoints) {
      trainer.run(checkpoints);
    }

    @Override
    public void stop() {
      trainer.stop();
    }

    @Override
    public void close() {
      try (engine) {
        trainer.close();
      }
    }
  }
}
