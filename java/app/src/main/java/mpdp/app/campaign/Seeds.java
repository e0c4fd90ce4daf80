package mpdp.app.campaign;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import mpdp.UsageException;
import org.jspecify.annotations.Nullable;

/** The seeds of a campaign: a list, or a text such as {@code "1..20"}. */
final class Seeds {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\s*\\.\\.\\s*(\\d{1,18})");
  private static final int MOST = 10_000;

  private Seeds() {}

  static List<Long> read(@Nullable Object value, Path file) {
    if (value == null) {
      throw new UsageException(file + " names no seeds; add seeds = [1, 2, 3] or \"1..3\"");
    }
    List<Long> seeds = seeds(value);
    if (seeds.isEmpty() || new HashSet<>(seeds).size() < seeds.size()) {
      throw new UsageException(
          "%s: seeds = %s is not allowed; allowed: a list such as [1, 2, 3] without repeats, or \"1..3\", at most %d"
              .formatted(file, value, MOST));
    }
    return seeds;
  }

  /** The seeds, or none where the value is no such thing. */
  private static List<Long> seeds(Object value) {
    if (value instanceof List<?> list
        && list.stream().allMatch(e -> e instanceof Integer || e instanceof Long)) {
      return list.stream().map(e -> ((Number) e).longValue()).toList();
    }
    Matcher range = RANGE.matcher(value.toString());
    if (value instanceof String && range.matches()) {
      long first = Long.parseLong(range.group(1));
      long last = Long.parseLong(range.group(2));
      if (last - first < MOST) {
        return LongStream.rangeClosed(first, last).boxed().toList();
      }
    }
    return List.of();
  }
}
