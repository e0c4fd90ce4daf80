package mpdp.app.campaign;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import mpdp.UsageException;
import mpdp.random.RandomStream;
import org.jspecify.annotations.Nullable;

/** The values that a study may try for one key. */
public sealed interface Range {
  /** Draws one of them. */
  Object draw(RandomStream random);

  /** Numbers of a range, equally likely. */
  record Uniform(double low, double high) implements Range {
    @Override
    public Object draw(RandomStream random) {
      return rounded(low + random.nextDouble() * (high - low));
    }
  }

  /** Positive numbers of a range, whose logarithms are equally likely. */
  record Log(double low, double high) implements Range {
    @Override
    public Object draw(RandomStream random) {
      return rounded(low * Math.pow(high / low, random.nextDouble()));
    }
  }

  /** Whole numbers of a range, both ends included. */
  record Whole(int low, int high) implements Range {
    @Override
    public Object draw(RandomStream random) {
      return low + (int) (random.nextDouble() * (high - low + 1.0));
    }
  }

  /** Listed values. */
  record Choice(List<Object> values) implements Range {
    @Override
    public Object draw(RandomStream random) {
      return values.get(random.nextInt(values.size()));
    }
  }

  /** Three digits: what a person can read and say, and far finer than what can be told apart. */
  private static double rounded(double value) {
    return new BigDecimal(value).round(new MathContext(3)).doubleValue();
  }

  /**
   * Reads a table of one kind, such as {@code { log = [1e-4, 1e-2] }}.
   *
   * @throws UsageException if it is no such table
   */
  static Range read(Object value, String origin) {
    if (value instanceof Map<?, ?> table && table.size() == 1) {
      var entry = table.entrySet().iterator().next();
      if (entry.getValue() instanceof List<?> list && !list.isEmpty()) {
        Range range = of(entry.getKey().toString(), List.copyOf(list));
        if (range != null) {
          return range;
        }
      }
    }
    throw new UsageException(
        origin
            + " = "
            + value
            + " is no range; allowed: { uniform = [LOW, HIGH] }, { log = [LOW, HIGH] } above 0, {"
            + " int = [LOW, HIGH] }, { choice = [...] }");
  }

  private static @Nullable Range of(String kind, List<Object> values) {
    if (kind.equals("choice")) {
      return new Choice(values);
    }
    if (values.size() != 2
        || !(values.get(0) instanceof Number first)
        || !(values.get(1) instanceof Number last)) {
      return null;
    }
    double low = first.doubleValue();
    double high = last.doubleValue();
    boolean whole = first instanceof Integer && last instanceof Integer;
    return switch (kind) {
      case "uniform" -> low < high ? new Uniform(low, high) : null;
      case "log" -> 0 < low && low < high ? new Log(low, high) : null;
      case "int" -> whole && low < high ? new Whole((int) low, (int) high) : null;
      default -> null;
    };
  }
}
