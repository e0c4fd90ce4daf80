package mpdp.train;

import java.nio.file.Path;
import java.util.SequencedMap;

/** Hears what a training run has to say. Called on the thread that trains, between steps. */
public interface TrainListener {
  /** A listener that ignores everything. */
  TrainListener SILENT = new TrainListener() {};

  /**
   * One row of metrics is complete.
   *
   * @param environmentSteps steps taken in the task since the run began
   * @param metrics values by column name, in column order, {@code env_steps} left out; NaN where a
   *     value does not exist yet; a column may appear in a later row for the first time
   */
  default void row(long environmentSteps, SequencedMap<String, Double> metrics) {}

  /**
   * The run moved on; cheap, called once per environment step.
   *
   * @param environmentSteps steps taken in the task since the run began
   */
  default void progress(long environmentSteps) {}

  /** Something a person should read, one line. */
  default void message(String line) {}

  /**
   * A checkpoint is complete on disk.
   *
   * @param file the checkpoint
   * @param environmentSteps the step it continues from
   */
  default void checkpoint(Path file, long environmentSteps) {}
}
