package mpdp.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ObjIntConsumer;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.plan.Search;
import mpdp.settings.Settings;
import mpdp.train.Evaluation;
import mpdp.train.TrainListener;
import org.jspecify.annotations.Nullable;

/** A learner that learns nothing, at once: steps are counted, rows and checkpoints written. */
final class FakeLearner implements Learner {
  final List<Settings> opened = new ArrayList<>();
  final List<Path> restored = new ArrayList<>();
  final List<String> videos = new ArrayList<>();
  final List<String> searches = new ArrayList<>();
  long failAt = Long.MAX_VALUE;

  @Override
  public void check(Settings settings) {
    if (settings.task().id().equals("Hoper-v5")) {
      throw new UsageException("unknown task Hoper-v5; the nearest is Hopper-v5");
    }
  }

  @Override
  public Session open(Settings settings, TrainListener listener) {
    opened.add(settings);
    return new FakeSession(settings, listener);
  }

  /** One after the other. */
  @Override
  public void together(Settings settings, int runs, ObjIntConsumer<Learner> run) {
    MpdpException failure = null;
    for (int i = 0; i < runs; i++) {
      try {
        run.accept(this, i);
      } catch (MpdpException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
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
    videos.add(String.valueOf(video));
    searches.add(String.valueOf(search));
    return new Evaluation(new double[] {seed, seed + 2}, new int[] {10, 20}, Double.NaN);
  }

  private final class FakeSession implements Session {
    private final Settings settings;
    private final TrainListener listener;
    private long step;

    FakeSession(Settings settings, TrainListener listener) {
      this.settings = settings;
      this.listener = listener;
    }

    @Override
    public String backend() {
      return "fake";
    }

    @Override
    public void restore(Path checkpoint) {
      restored.add(checkpoint);
      step = Long.parseLong(checkpoint.getFileName().toString().replaceAll("\\D", ""));
    }

    @Override
    public void run(Path checkpoints) {
      listener.message("one line");
      while (step < settings.train().steps()) {
        step++;
        if (step == failAt) {
          throw new MpdpException("the model is not finite");
        }
        listener.progress(step);
        if (step % settings.train().logInterval() == 0) {
          listener.row(step, metrics());
        }
        if (step % settings.train().checkpointInterval() == 0) {
          checkpoint(checkpoints);
        }
      }
      checkpoint(checkpoints);
    }

    private SequencedMap<String, Double> metrics() {
      SequencedMap<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("train_return", step * 10.0);
      metrics.put("eval_return", step % 20 == 0 ? step * 11.0 : Double.NaN);
      metrics.put("mean_horizon", 2.5);
      return metrics;
    }

    private void checkpoint(Path folder) {
      try {
        Path file = folder.resolve(String.format("step-%09d.safetensors", step));
        Files.writeString(file, "step " + step);
        listener.checkpoint(file, step);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
  }
}
