package mpdp.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import mpdp.app.run.MetricsFile;
import mpdp.app.run.RunFolder;
import mpdp.log.TensorBoardWriter;
import mpdp.train.TrainListener;
import org.jspecify.annotations.Nullable;

/** Writes what a run reports into its folder and onto the screen. */
final class Recorder implements TrainListener, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

  private final Display display;
  private @Nullable RunFolder run;
  private @Nullable MetricsFile metrics;
  private @Nullable TensorBoardWriter events;

  Recorder(Display display) {
    this.display = display;
  }

  /**
   * Starts recording in a folder.
   *
   * @param firstStep environment steps done before; what was recorded beyond them is cut
   */
  void attach(RunFolder folder, long firstStep) {
    run = folder;
    metrics = MetricsFile.open(folder.path().resolve("metrics.csv"), firstStep);
    events =
        firstStep == 0
            ? TensorBoardWriter.create(folder.path())
            : TensorBoardWriter.resume(folder.path(), firstStep);
    display.start(firstStep);
  }

  /** Ends the display, so that other lines may follow. */
  void detach() {
    display.close();
  }

  @Override
  public void row(long environmentSteps, SequencedMap<String, Double> row) {
    if (metrics != null) {
      metrics.append(environmentSteps, row);
    }
    if (events != null) {
      SequencedMap<String, Double> finite = new LinkedHashMap<>(row);
      finite.values().removeIf(value -> !Double.isFinite(value));
      events.scalars(environmentSteps, finite);
    }
    display.row(environmentSteps, row);
  }

  @Override
  public void progress(long environmentSteps) {
    display.progress(environmentSteps);
  }

  @Override
  public void message(String line) {
    display.interrupt();
    LOG.log(System.Logger.Level.INFO, line);
  }

  @Override
  public void checkpoint(Path file, long environmentSteps) {
    if (run != null) {
      run.progress(environmentSteps);
    }
  }

  @Override
  public void close() {
    display.close();
    if (events != null) {
      events.close();
    }
  }
}
