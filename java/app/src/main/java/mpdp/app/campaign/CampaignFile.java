package mpdp.app.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.settings.TomlFile;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign's file says.
 *
 * @param path the file
 * @param base keys of every run
 * @param variants named sets of keys, each of which is combined with the grid; one without a name
 *     where the file lists none
 * @param grid keys and the values that each of them takes
 * @param seeds of every combination
 * @param study the search whose trials are the variants, or null
 * @param slurm the {@code [slurm]} table as it stands, for the executor of that name
 */
public record CampaignFile(
    Path path,
    SequencedMap<String, Object> base,
    SequencedMap<String, SequencedMap<String, Object>> variants,
    SequencedMap<String, List<Object>> grid,
    List<Long> seeds,
    @Nullable Study study,
    Map<String, Object> slurm) {
  private static final String SEEDS = "seeds";
  private static final List<String> TABLES = List.of("set", "grid", "variant", "study", "slurm");

  /**
   * Reads and checks a file.
   *
   * @throws UsageException with one line that names the file and the key that is wrong
   */
  public static CampaignFile read(Path file) {
    SequencedMap<String, Object> toml = TomlFile.read(file);
    refuseUnknown(toml, file);
    SequencedMap<String, Object> top = new LinkedHashMap<>(toml);
    top.keySet().retainAll(RunKeys.SHORT);
    top.forEach((key, value) -> refuseList(file + " has a list as " + key, value));
    SequencedMap<String, Object> base = RunKeys.of(top, file.toString());
    RunKeys.of(table(toml, "set", file), file + " [set]")
        .forEach((key, value) -> put(base, key, value, file + " [set]"));
    SequencedMap<String, List<Object>> grid = new LinkedHashMap<>();
    RunKeys.of(table(toml, "grid", file), file + " [grid]")
        .forEach((key, values) -> grid.put(key, values(values, file + " [grid] " + key)));
    grid.keySet().forEach(key -> refuseTwice(base, key, file + " [grid]"));
    Study study = Study.read(toml.get("study"), base.get(RunKeys.STEPS), file);
    var variants = variants(toml.get("variant"), study, file);
    variants.forEach(
        (name, keys) ->
            keys.keySet().forEach(key -> refuseTwice(grid, key, file + " variant " + name)));
    if (study != null && study.halves()) {
      refuseTwice(grid, RunKeys.STEPS, file + " [study]");
      base.put(RunKeys.STEPS, study.rungs().getFirst());
    }
    return new CampaignFile(
        file,
        base,
        variants,
        grid,
        Seeds.read(toml.get(SEEDS), file),
        study,
        table(toml, "slurm", file));
  }

  private static SequencedMap<String, SequencedMap<String, Object>> variants(
      @Nullable Object tables, @Nullable Study study, Path file) {
    if (study == null) {
      return Variants.read(tables, file);
    }
    if (tables != null) {
      throw new UsageException(file + " has [study] and [[variant]]; leave one of them out");
    }
    return study.variants();
  }

  /** Whether the file says anything of a key, such as {@code train.threads}. */
  public boolean names(String key) {
    return base.containsKey(key)
        || grid.containsKey(key)
        || variants.values().stream().anyMatch(keys -> keys.containsKey(key));
  }

  /** The runs: the first seed of every combination, then the second one, and so on. */
  public List<PlannedRun> runs() {
    return Expansion.runs(this);
  }

  private static void refuseUnknown(Map<String, Object> toml, Path file) {
    List<String> known = new ArrayList<>(RunKeys.SHORT);
    known.add(SEEDS);
    known.addAll(TABLES);
    for (String key : toml.keySet()) {
      if (!known.contains(key)) {
        throw new UsageException(
            "unknown key %s in %s; the nearest is %s; settings such as agent.batch go under [set]"
                .formatted(key, file, Nearest.to(key, known)));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> table(Map<String, Object> toml, String name, Path file) {
    Object table = toml.getOrDefault(name, Map.of());
    if (table instanceof Map<?, ?>) {
      return (Map<String, Object>) table;
    }
    throw new UsageException("%s: %s is no table; write [%s]".formatted(file, name, name));
  }

  private static List<Object> values(Object values, String origin) {
    if (!(values instanceof List<?> list) || list.isEmpty()) {
      throw new UsageException(origin + " = " + values + " is no list of values");
    }
    return List.copyOf(list);
  }

  private static void refuseList(String what, Object value) {
    if (value instanceof List<?> || value instanceof Map<?, ?>) {
      throw new UsageException(what + "; lists of values go under [grid]");
    }
  }

  private static void put(
      SequencedMap<String, Object> keys, String key, Object value, String origin) {
    refuseTwice(keys, key, origin);
    keys.put(key, value);
  }

  private static void refuseTwice(Map<String, ?> before, String key, String origin) {
    if (before.containsKey(key)) {
      throw new UsageException(origin + " names " + key + " once more; leave one of them out");
    }
  }
}
