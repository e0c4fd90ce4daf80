package mpdp.app.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import mpdp.app.run.RunSummary;
import mpdp.settings.SettingsLoader;

/**
 * What tells runs of one group apart besides the seed: the task, and each key that has several
 * values among the group's runs of a task. Keys that differ between groups alone are what is
 * compared.
 *
 * @param keys of the configuration
 */
record Strata(List<String> keys) {
  private static final Set<String> SAME =
      Set.of("task.id", "train.seed", "train.steps", "train.threads");

  static Strata of(Collection<List<RunSummary>> groups) {
    Set<String> keys = new LinkedHashSet<>();
    for (List<RunSummary> group : groups) {
      Map<String, RunSummary> first = new HashMap<>();
      for (RunSummary run : group) {
        RunSummary before = first.putIfAbsent(run.task(), run);
        if (before != null) {
          keys.addAll(differing(before, run));
        }
      }
    }
    return new Strata(List.copyOf(keys));
  }

  private static List<String> differing(RunSummary one, RunSummary other) {
    Map<String, Object> values = SettingsLoader.values(other.settings());
    List<String> keys = new ArrayList<>();
    SettingsLoader.values(one.settings())
        .forEach(
            (key, value) -> {
              if (!SAME.contains(key) && !value.equals(values.get(key))) {
                keys.add(key);
              }
            });
    return keys;
  }

  /** The stratum of a run. */
  String name(RunSummary run) {
    return keys.stream()
        .map(key -> key + "=" + run.value(key))
        .collect(Collectors.joining(" ", run.task() + " ", ""))
        .strip();
  }
}
