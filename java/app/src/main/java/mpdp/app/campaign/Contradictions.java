package mpdp.app.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import mpdp.UsageException;
import mpdp.app.run.RunStatus;
import mpdp.settings.SettingValue;
import mpdp.settings.Settings;
import mpdp.settings.SettingsLoader;

/**
 * Compares a campaign's file with the runs that have begun. They must still be in the file, with
 * the settings that they have; only their steps may grow, and threads change no result.
 */
final class Contradictions {
  private static final Set<String> FREE = Set.of("train.threads");

  private final Path file;
  private final SequencedMap<String, PlannedRun> planned;

  Contradictions(Path file, SequencedMap<String, PlannedRun> planned) {
    this.file = file;
    this.planned = planned;
  }

  /** Throws the first contradiction, if there is one. */
  void refuse(Campaign campaign) {
    for (CampaignRun run : campaign.runs()) {
      if (Files.exists(run.folder().resolve("run.json")) && run.status() != RunStatus.WAITING) {
        PlannedRun now = planned.get(run.name());
        if (now == null) {
          throw missing(run);
        }
        if (!now.definition().equals(run.definition())) {
          compare(run, now);
        }
      }
    }
  }

  private void compare(CampaignRun run, PlannedRun now) {
    Settings before = run.settings();
    boolean otherSteps =
        !now.definition()
            .getOrDefault(RunKeys.STEPS, "")
            .equals(run.definition().getOrDefault(RunKeys.STEPS, ""));
    if (otherSteps && now.settings().train().steps() < before.train().steps()) {
      throw differs(run, RunKeys.STEPS, before, now.settings());
    }
    for (String key : SettingsLoader.values(before).keySet()) {
      boolean free = FREE.contains(key) || key.equals(RunKeys.STEPS);
      if (!free && !value(before, key).equals(value(now.settings(), key))) {
        throw differs(run, key, before, now.settings());
      }
    }
  }

  private UsageException differs(CampaignRun run, String key, Settings before, Settings now) {
    return new UsageException(
        "%s has %s = %s, but %s ran with %s; put it back, or name another folder with --out"
            .formatted(file, key, value(now, key), run.folder(), value(before, key)));
  }

  /** Names what keeps the run out of the file: how it differs from the nearest run that is in. */
  private UsageException missing(CampaignRun run) {
    List<String> nearest =
        planned.values().stream()
            .map(now -> differing(run.definition(), now.definition()))
            .min(Comparator.comparingInt(List::size))
            .orElse(List.of());
    String key = nearest.isEmpty() ? RunKeys.SEED : nearest.getFirst();
    return new UsageException(
        "%s no longer asks for %s = %s, but %s ran with it; put it back, or name another folder with --out"
            .formatted(file, key, run.definition().getOrDefault(key, "its default"), run.folder()));
  }

  private static List<String> differing(Map<String, String> one, Map<String, String> other) {
    Set<String> keys = new LinkedHashSet<>(one.keySet());
    keys.addAll(other.keySet());
    List<String> differing = new ArrayList<>();
    for (String key : keys) {
      if (!one.getOrDefault(key, "").equals(other.getOrDefault(key, ""))) {
        differing.add(key);
      }
    }
    return differing;
  }

  private static String value(Settings settings, String key) {
    return SettingValue.toToml(Objects.requireNonNull(SettingsLoader.values(settings).get(key)));
  }
}
