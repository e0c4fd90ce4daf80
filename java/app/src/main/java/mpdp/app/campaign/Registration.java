package mpdp.app.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.app.run.RunFiles;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;

/**
 * Brings a campaign's folder in line with its file: new runs get numbers and folders, runs that
 * have not begun are planned anew, and a file that contradicts what ran is refused before anything
 * is written.
 */
public final class Registration {
  private final Path folder;
  private final CampaignFile file;
  private final SequencedMap<String, PlannedRun> planned = new LinkedHashMap<>();

  public Registration(Path folder, CampaignFile file) {
    this.folder = folder;
    this.file = file;
    file.runs().forEach(run -> planned.put(run.name(), run));
  }

  /**
   * Writes the campaign; to be called under its {@linkplain Campaign#lock lock}.
   *
   * @throws mpdp.UsageException naming the key, if the file contradicts a run that has begun
   */
  public Campaign write() {
    Campaign before = Campaign.isAt(folder) ? Campaign.open(folder) : Campaign.empty(folder);
    check(before);
    byte[] content = content();
    List<Campaign.Entry> entries = new ArrayList<>();
    for (Campaign.Entry entry : before.entries()) {
      PlannedRun run = planned.get(entry.name());
      entries.add(
          run == null
              ? new Campaign.Entry(entry.name(), entry.definition(), true)
              : new Campaign.Entry(entry.name(), run.definition(), false));
    }
    var known = before.entries().stream().map(Campaign.Entry::name).toList();
    planned.forEach(
        (name, run) -> {
          if (!known.contains(name)) {
            entries.add(new Campaign.Entry(name, run.definition(), false));
          }
        });
    planFolders(before);
    Campaign after = before.with(entries);
    RunFiles.write(after.file(), content);
    return after;
  }

  /** Refuses what {@link #write} would refuse; writes nothing. */
  public void check(Campaign before) {
    new Contradictions(file.path(), planned).refuse(before);
  }

  private byte[] content() {
    try {
      return Files.readAllBytes(file.path());
    } catch (IOException e) {
      throw new MpdpException("cannot read " + file.path() + ": " + RunFiles.reason(e), e);
    }
  }

  /** Folders come before the index: a number always has a run's folder. */
  private void planFolders(Campaign before) {
    Map<String, SequencedMap<String, String>> definitions = new LinkedHashMap<>();
    before.entries().forEach(entry -> definitions.put(entry.name(), entry.definition()));
    planned.forEach(
        (name, run) -> {
          Path at = folder.resolve(name);
          boolean changed = !run.definition().equals(definitions.get(name));
          if (!Files.exists(at.resolve("run.json"))
              || (changed && RunFolder.status(at) == RunStatus.WAITING)) {
            RunFolder.plan(at, run.settings(), run.variant());
          } else if (run.settings().train().steps() > RunFolder.settings(at).train().steps()) {
            RunFolder.extend(at, run.settings().train().steps());
          }
        });
  }
}
