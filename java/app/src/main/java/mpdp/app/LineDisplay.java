package mpdp.app;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** One plain line for each row of metrics: progress, the numbers to watch, and the time left. */
final class LineDisplay implements Display {
  private static final Map<String, String> SHOWN =
      Map.of(
          "train_return", "return",
          "eval_return", "evaluated",
          "mean_horizon", "horizon",
          "model_nll_holdout", "model");

  private final PrintWriter out;
  private final long steps;
  private final String start;
  private long first;
  private long startedAt = System.nanoTime();

  /**
   * Prints to {@code out}.
   *
   * @param name what lines begin with, or ""
   */
  LineDisplay(PrintWriter out, long steps, String name) {
    this.out = out;
    this.steps = steps;
    this.start = name.isEmpty() ? "" : name + "  ";
  }

  @Override
  public void start(long firstStep) {
    first = firstStep;
    startedAt = System.nanoTime();
  }

  @Override
  public void row(long environmentSteps, SequencedMap<String, Double> metrics) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%sstep %d/%d", start, environmentSteps, steps));
    metrics.forEach(
        (column, value) -> {
          if (SHOWN.containsKey(column) && !value.isNaN()) {
            line.append(String.format(Locale.ROOT, "  %s %.4g", SHOWN.get(column), value));
          }
        });
    double seconds = (System.nanoTime() - startedAt) / 1e9;
    double rate = (environmentSteps - first) / Math.max(seconds, 1e-9);
    if (environmentSteps > first) {
      long left = (long) ((steps - environmentSteps) / rate);
      line.append(String.format(Locale.ROOT, "  %.0f steps/s  left %s", rate, clock(left)));
    }
    out.println(line);
    out.flush();
  }

  private static String clock(long seconds) {
    Duration left = Duration.ofSeconds(Math.max(0, seconds));
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
  }
}
