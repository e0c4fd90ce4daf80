package mpdp.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import mpdp.app.run.MetricsFile;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;
import mpdp.app.run.RunSummary;
import mpdp.settings.Settings;

/** Run folders as training leaves them, with evaluations that a test chooses. */
public final class FakeRuns {
  private FakeRuns() {}

  /**
   * Goes on with a planned run up to its last step, evaluated every hundred steps; a step takes a
   * second.
   *
   * @param slope return of an evaluation per step
   */
  public static void train(Path run, double slope) {
    Settings settings = RunFolder.settings(run);
    try (RunFolder folder = RunFolder.resume(run, settings)) {
      folder.begin("fake");
      MetricsFile metrics = MetricsFile.open(run.resolve("metrics.csv"), Long.MAX_VALUE);
      long first = last(run);
      for (long step = first + 100; step <= settings.train().steps(); step += 100) {
        SequencedMap<String, Double> row = new LinkedHashMap<>();
        row.put("wall_s", (double) (step - first));
        row.put("eval_return", slope * step);
        metrics.append(step, row);
      }
      String checkpoint = String.format("step-%09d.safetensors", settings.train().steps());
      Files.writeString(folder.checkpoints().resolve(checkpoint), "");
      folder.end(RunStatus.FINISHED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long last(Path run) {
    return RunSummary.read(run).steps();
  }

  /** A planned run of that many steps, trained. */
  public static Path make(Path run, double slope, String... settings) {
    RunFolder.plan(run, Settings.defaults().with(settings), "");
    train(run, slope);
    return run;
  }
}
