package mpdp.app;

import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import mpdp.backend.Backend;
import mpdp.backend.BackendGroup;
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
  private final Function<Settings, Backend> backends;
  private final Runnable afterStep;

  EngineLearner() {
    this(EngineLearner::open, () -> {});
  }

  private EngineLearner(Function<Settings, Backend> backends, Runnable afterStep) {
    this.backends = backends;
    this.afterStep = afterStep;
  }

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
    Backend backend = backends.apply(settings);
    try {
      Trainer trainer = Trainer.create(settings, backend, new SteppedListener(listener, afterStep));
      return new EngineSession(backend, trainer);
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  @Override
  public void together(Settings settings, int runs, ObjIntConsumer<Learner> run) {
    try (Backend backend = open(settings);
        BackendGroup group = new BackendGroup(backend, runs)) {
      group.run(
          i -> run.accept(new EngineLearner(any -> group.member(i), () -> group.align(i)), i));
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

  /** Hears what the trainer says, and does something of its own after each step. */
  private record SteppedListener(TrainListener listener, Runnable afterStep)
      implements TrainListener {
    @Override
    public void row(long environmentSteps, SequencedMap<String, Double> metrics) {
      listener.row(environmentSteps, metrics);
    }

    @Override
    public void progress(long environmentSteps) {
      listener.progress(environmentSteps);
      afterStep.run();
    }

    @Override
    public void message(String line) {
      listener.message(line);
    }

    @Override
    public void checkpoint(Path file, long environmentSteps) {
      listener.checkpoint(file, environmentSteps);
    }
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
