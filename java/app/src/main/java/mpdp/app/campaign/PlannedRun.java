package mpdp.app.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import mpdp.UsageException;
import mpdp.settings.SettingValue;
import mpdp.settings.Settings;
import mpdp.settings.SettingsLoader;
import org.jspecify.annotations.Nullable;

/**
 * One run as a campaign's file asks for it.
 *
 * @param name its folder's name
 * @param variant the variant or the study's trial that it belongs to, or ""
 * @param keys task, preset where the file names one, and keys of the configuration
 * @param settings what they resolve to
 */
public record PlannedRun(
    String name, String variant, SequencedMap<String, Object> keys, Settings settings) {

  /**
   * Resolves what a file says of a run.
   *
   * @param differing the part of {@code keys} that the run's name tells, besides task, algorithm,
   *     preset and seed
   * @throws UsageException with one line, if a value is not allowed
   */
  static PlannedRun of(
      String variant,
      SequencedMap<String, Object> keys,
      SequencedMap<String, Object> differing,
      String origin) {
    Settings settings;
    try {
      settings = resolve(keys);
    } catch (UsageException failure) {
      throw new UsageException(origin + ": " + failure.getMessage(), failure);
    }
    return new PlannedRun(RunName.of(settings, variant, differing), variant, keys, settings);
  }

  private static Settings resolve(SequencedMap<String, Object> keys) {
    Object task = keys.get(RunKeys.TASK);
    if (task == null) {
      throw new UsageException("no task is named; add task = \"Hopper-v5\" (see mpdp tasks)");
    }
    @Nullable Object preset = keys.get(RunKeys.PRESET);
    List<String> sets = new ArrayList<>();
    keys.forEach(
        (key, value) -> {
          if (!key.equals(RunKeys.TASK) && !key.equals(RunKeys.PRESET)) {
            sets.add(key + "=" + SettingValue.toToml(value));
          }
        });
    return SettingsLoader.resolve(
        task.toString(), preset == null ? null : preset.toString(), null, sets);
  }

  /** What the file says, each value as TOML text: equal texts mean an equal run. */
  public SequencedMap<String, String> definition() {
    SequencedMap<String, String> definition = new LinkedHashMap<>();
    keys.forEach((key, value) -> definition.put(key, SettingValue.toToml(value)));
    return definition;
  }

  long seed() {
    return settings.train().seed();
  }
}
