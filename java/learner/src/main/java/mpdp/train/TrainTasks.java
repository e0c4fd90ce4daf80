package mpdp.train;

import mpdp.env.TaskOptions;
import mpdp.settings.Settings;

/** From settings to tasks. */
final class TrainTasks {
  private TrainTasks() {}

  static TaskOptions options(Settings settings) {
    return new TaskOptions(
        settings.task().truncatedObservations(),
        settings.task().gymnasiumMargins(),
        settings.task().maxEpisodeSteps());
  }

  /** Worker threads: the settings', or every core. */
  static int threads(Settings settings) {
    int threads = settings.train().threads();
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }
}
