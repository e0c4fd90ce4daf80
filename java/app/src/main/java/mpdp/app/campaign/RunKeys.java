package mpdp.app.campaign;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.UsageException;
import mpdp.settings.SettingKey;
import mpdp.settings.TomlFile;

/**
 * Names of what a run is made of: {@code task}, {@code preset}, and keys of the configuration, of
 * which some have the short names that {@code mpdp train} has for them.
 */
final class RunKeys {
  static final String TASK = "task";
  static final String PRESET = "preset";
  static final String ALGORITHM = "train.algorithm";
  static final String SEED = "train.seed";
  static final String STEPS = "train.steps";

  /** What a file may name at its top, besides tables and seeds. */
  static final List<String> SHORT =
      List.of(TASK, PRESET, "algorithm", "steps", "backend", "device", "threads");

  private RunKeys() {}

  /**
   * The keys of a table by their full names.
   *
   * @param origin the file and table, for errors
   * @throws UsageException if a key is unknown, or one that is said elsewhere
   */
  static SequencedMap<String, Object> of(Map<String, Object> table, String origin) {
    SequencedMap<String, Object> keys = new LinkedHashMap<>();
    TomlFile.flatten(table).forEach((name, value) -> keys.put(path(name, origin), value));
    return keys;
  }

  private static String path(String name, String origin) {
    if (name.equals(TASK) || name.equals(PRESET)) {
      return name;
    }
    String path = SHORT.contains(name) || name.equals("seed") ? "train." + name : name;
    switch (path) {
      case SEED -> throw new UsageException(origin + " names a seed; list them as seeds = [1, 2]");
      case "task.id" -> throw new UsageException(origin + " names task.id; write task");
      case "train.preset" -> throw new UsageException(origin + " names train.preset; write preset");
      default -> SettingKey.of(path, origin);
    }
    return path;
  }
}
