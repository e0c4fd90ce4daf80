package mpdp.benchmark.run;

import java.util.Locale;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/** Lines of the table that {@code mpdp bench} prints. */
final class Table {
  private static final String FORMAT = "%12s %5s %8s %6s %6s %9s %6s  %s %s%n";

  private Table() {}

  static String header() {
    return FORMAT.formatted(
        "units/s",
        "+-",
        "GFLOP/s",
        "% peak",
        "% att.",
        "MB/step",
        "B/op",
        "benchmark",
        "parameters");
  }

  /** One line of results; what a benchmark does not report stays empty. */
  static String line(Variant variant, RunResult result) {
    Result<?> rate =
        result.getSecondaryResults().getOrDefault("units_per_s", result.getPrimaryResult());
    double units = median(rate);
    double spread = units == 0 ? 0 : rate.getStatistics().getStandardDeviation() / units;
    return FORMAT.formatted(
        number(units),
        text("%.0f%%", 100 * spread),
        text("%.1f", value(result, "gflops", Double.NaN)),
        text("%.0f", 100 * value(result, "fraction_of_peak", Double.NaN)),
        text("%.0f", 100 * value(result, "fraction_of_attainable", Double.NaN)),
        text("%.2f", value(result, "bytes_per_step", Double.NaN) / 1e6),
        text("%.0f", value(result, "alloc_bytes_per_step", Double.NaN)),
        variant.title(),
        variant.settings() + percentiles(result));
  }

  /** Where every step was timed: what half and what 99 in 100 of them take at most. */
  private static String percentiles(RunResult result) {
    if (result.getParams().getMode() != Mode.SampleTime) {
      return "";
    }
    Statistics times = result.getPrimaryResult().getStatistics();
    return String.format(
        Locale.ROOT,
        " (%.2f %s, p99 %.2f)",
        times.getPercentile(50),
        result.getPrimaryResult().getScoreUnit(),
        times.getPercentile(99));
  }

  /** The median iteration of a secondary result. */
  static double value(RunResult results, String name, double absent) {
    Result<?> result = results.getSecondaryResults().get(name);
    return result == null ? absent : median(result);
  }

  /** Of the iterations: one that something else on the machine disturbed does not move it. */
  private static double median(Result<?> result) {
    return result.getStatistics().getPercentile(50);
  }

  /** Four digits or more, without an exponent. */
  static String number(double value) {
    return text(value < 100 ? "%.2f" : value < 1000 ? "%.1f" : "%,.0f", value);
  }

  private static String text(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }
}
