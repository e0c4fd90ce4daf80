package mpdp.app.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mpdp.app.campaign.CampaignRun;
import mpdp.app.run.RunFiles;
import mpdp.app.run.RunStatus;
import mpdp.settings.SettingValue;
import mpdp.settings.SettingsLoader;

/** The results of a study as one CSV, a row for each trial. */
final class StudyTable {
  private StudyTable() {}

  /** Writes the file whole. */
  static void write(Trials trials, Path file) {
    List<String> keys = trials.keys();
    StringBuilder text = new StringBuilder("trial,steps,runs,finished,failed,score,rank");
    keys.forEach(key -> text.append(',').append(key));
    text.append('\n');
    for (Trials.Standing standing : trials.standings()) {
      List<CampaignRun> runs =
          trials.members(standing.trial()).stream().map(Trials.Member::run).toList();
      List<String> cells = new ArrayList<>();
      cells.add(standing.trial());
      cells.add(Long.toString(standing.steps()));
      cells.add(Integer.toString(runs.size()));
      cells.add(Long.toString(count(runs, RunStatus.FINISHED)));
      cells.add(Long.toString(count(runs, RunStatus.FAILED)));
      boolean scored = !Double.isNaN(standing.score());
      cells.add(scored ? Double.toString(standing.score()) : "");
      cells.add(scored ? Double.toString(standing.rank()) : "");
      Map<String, Object> settings = SettingsLoader.values(runs.getFirst().settings());
      keys.forEach(key -> cells.add(cell(Objects.requireNonNull(settings.get(key)))));
      text.append(String.join(",", cells)).append('\n');
    }
    RunFiles.write(file, text.toString());
  }

  private static long count(List<CampaignRun> runs, RunStatus status) {
    return runs.stream().filter(run -> run.status() == status).count();
  }

  /** A value in one cell: lists and texts with a comma are quoted. */
  private static String cell(Object value) {
    String text = SettingValue.toToml(value);
    return text.contains(",") ? '"' + text.replace("\"", "\"\"") + '"' : text.replace("\"", "");
  }
}
