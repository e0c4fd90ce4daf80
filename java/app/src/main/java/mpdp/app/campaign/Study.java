package mpdp.app.campaign;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.random.RandomStream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code [study]} table: a search over settings. Its trials are drawn at random, each a variant
 * of the campaign; with halving, all of them train for a few steps, and the best part of them goes
 * on, rung by rung (successive halving, Jamieson and Talwalkar 2016, arXiv 1502.07943).
 *
 * @param ranges what trials draw from, by key
 * @param trials how many
 * @param seed of the draws
 * @param rungs steps that trials are trained to, one rung after the other; one for random search
 * @param keep of so many trials, one goes on to the next rung
 */
public record Study(
    SequencedMap<String, Range> ranges, int trials, long seed, List<Long> rungs, int keep) {
  private static final List<String> KEYS =
      List.of("method", "trials", "seed", "range", "first-steps", "keep");
  private static final int MOST_TRIALS = 10_000;
  private static final int KEEP = 3;

  /**
   * Reads the table.
   *
   * @param steps of a whole run
   * @return null where the file has none
   */
  static @Nullable Study read(@Nullable Object value, @Nullable Object steps, Path file) {
    if (value == null) {
      return null;
    }
    String origin = file + " [study]";
    if (!(value instanceof Map<?, ?> table)) {
      throw new UsageException(file + ": study is no table; write [study]");
    }
    for (Object key : table.keySet()) {
      if (!KEYS.contains(key.toString())) {
        throw new UsageException(
            "unknown key %s in %s; the nearest is %s"
                .formatted(key, origin, Nearest.to(key.toString(), KEYS)));
      }
    }
    int trials = (int) whole(table, "trials", 1, MOST_TRIALS, null, origin);
    long seed = whole(table, "seed", 0, Long.MAX_VALUE, 0L, origin);
    SequencedMap<String, Range> ranges = ranges(table.get("range"), origin);
    String method = String.valueOf(table.get("method"));
    return switch (method) {
      case "random" -> {
        refuse(table, "first-steps", origin);
        refuse(table, "keep", origin);
        yield new Study(ranges, trials, seed, List.of(), 1);
      }
      case "halving" -> {
        if (!(steps instanceof Integer || steps instanceof Long)) {
          throw new UsageException(
              file + ": halving needs steps, a whole number, at the file's top");
        }
        long last = ((Number) steps).longValue();
        long first = whole(table, "first-steps", 1, last, null, origin);
        int keep = (int) whole(table, "keep", 2, MOST_TRIALS, (long) KEEP, origin);
        yield new Study(ranges, trials, seed, rungs(first, last, keep), keep);
      }
      default ->
          throw new UsageException(
              origin + " has method = " + method + "; allowed: random, halving");
    };
  }

  /** The steps grow as the trials get fewer, so that each rung costs about the same. */
  private static List<Long> rungs(long first, long last, int keep) {
    List<Long> rungs = new ArrayList<>();
    for (long steps = first; steps < last; steps *= keep) {
      rungs.add(steps);
    }
    rungs.add(last);
    return rungs;
  }

  private static SequencedMap<String, Range> ranges(@Nullable Object value, String origin) {
    if (!(value instanceof Map<?, ?> table) || table.isEmpty()) {
      throw new UsageException(origin + " has no ranges; add [study.range]");
    }
    SequencedMap<String, Range> ranges = new LinkedHashMap<>();
    table.forEach(
        (key, range) -> {
          String name = key.toString();
          String path = RunKeys.of(Map.of(name, ""), origin).firstEntry().getKey();
          ranges.put(path, Range.read(range, origin + " " + name));
        });
    return ranges;
  }

  /** The keys of each trial by its name; more trials leave the earlier ones as they are. */
  SequencedMap<String, SequencedMap<String, Object>> variants() {
    RandomStream random = new RandomStream(seed, 0);
    SequencedMap<String, SequencedMap<String, Object>> variants = new LinkedHashMap<>();
    for (int i = 1; i <= trials; i++) {
      SequencedMap<String, Object> keys = new LinkedHashMap<>();
      ranges.forEach((key, range) -> keys.put(key, range.draw(random)));
      variants.put(String.format(Locale.ROOT, "t%03d", i), keys);
    }
    return variants;
  }

  public boolean halves() {
    return !rungs.isEmpty();
  }

  /** How many trials there are on a rung, counted from 0. */
  public int trialsOn(int rung) {
    int count = trials;
    for (int i = 0; i < rung; i++) {
      count = (count + keep - 1) / keep;
    }
    return count;
  }

  private static long whole(
      Map<?, ?> table, String key, long least, long most, @Nullable Long initial, String origin) {
    Object value = table.get(key) == null ? initial : table.get(key);
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new UsageException(
        "%s has %s = %s; allowed: whole, %d to %d".formatted(origin, key, value, least, most));
  }

  private static void refuse(Map<?, ?> table, String key, String origin) {
    if (table.containsKey(key)) {
      throw new UsageException(origin + " has " + key + ", which goes with method = halving");
    }
  }
}
