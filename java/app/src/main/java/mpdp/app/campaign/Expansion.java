package mpdp.app.campaign;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import mpdp.UsageException;

/** Makes a campaign's runs out of its file. */
final class Expansion {
  private static final int MOST = 100_000;

  private Expansion() {}

  static List<PlannedRun> runs(CampaignFile file) {
    List<SequencedMap<String, Object>> points = grid(file);
    long count = (long) points.size() * file.variants().size() * file.seeds().size();
    if (count > MOST) {
      throw new UsageException(
          "%s asks for %,d runs; at most %,d are allowed".formatted(file.path(), count, MOST));
    }
    List<PlannedRun> runs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long seed : file.seeds()) {
      file.variants()
          .forEach(
              (variant, keys) -> {
                for (var point : points) {
                  PlannedRun run = run(file, variant, keys, point, seed);
                  if (!names.add(run.name())) {
                    throw new UsageException(
                        "%s asks twice for the run %s".formatted(file.path(), run.name()));
                  }
                  runs.add(run);
                }
              });
    }
    return runs;
  }

  /** Every combination of the grid's values; the last key changes fastest. */
  private static List<SequencedMap<String, Object>> grid(CampaignFile file) {
    List<SequencedMap<String, Object>> points = List.of(new LinkedHashMap<>());
    for (var axis : file.grid().entrySet()) {
      List<SequencedMap<String, Object>> longer = new ArrayList<>();
      for (var point : points) {
        for (Object value : axis.getValue()) {
          SequencedMap<String, Object> next = new LinkedHashMap<>(point);
          next.put(axis.getKey(), value);
          longer.add(next);
        }
      }
      if (longer.size() > MOST) {
        throw new UsageException(
            "%s: [grid] has more than %,d combinations".formatted(file.path(), MOST));
      }
      points = longer;
    }
    return points;
  }

  private static PlannedRun run(
      CampaignFile file,
      String variant,
      SequencedMap<String, Object> chosen,
      SequencedMap<String, Object> point,
      long seed) {
    SequencedMap<String, Object> keys = new LinkedHashMap<>(file.base());
    keys.putAll(chosen);
    keys.putAll(point);
    keys.put(RunKeys.SEED, seed);
    SequencedMap<String, Object> differing = new LinkedHashMap<>(point);
    differing.keySet().removeAll(List.of(RunKeys.TASK, RunKeys.PRESET, RunKeys.ALGORITHM));
    return PlannedRun.of(variant, keys, differing, file.path().toString());
  }
}
