package mpdp.app.campaign;

import java.nio.file.Path;
import java.util.Map;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;
import mpdp.checkpoint.CheckpointFolder;
import mpdp.settings.Settings;

/**
 * One run of a campaign's folder. Everything that changes is read from the run's own folder.
 *
 * @param index its number, which stays as long as the campaign does
 * @param name its folder's name
 * @param folder an ordinary run folder
 * @param definition what the file said of it, as TOML texts
 */
public record CampaignRun(int index, String name, Path folder, Map<String, String> definition) {

  public RunStatus status() {
    return RunFolder.status(folder);
  }

  public Settings settings() {
    return RunFolder.settings(folder);
  }

  /** Environment steps of its latest checkpoint. */
  public long steps() {
    return CheckpointFolder.of(folder).latest().map(CheckpointFolder::steps).orElse(0L);
  }

  /** What the run prints, and what the JVM says of a crash. */
  public Path console() {
    return folder.resolve("console.log");
  }
}
