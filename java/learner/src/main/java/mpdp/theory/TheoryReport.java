package mpdp.theory;

import java.util.List;
import java.util.Locale;

/**
 * What a verification found.
 *
 * @param mdps how many random processes were tried
 * @param seed which ones
 * @param results one for each {@link Statement}, in its order
 */
public record TheoryReport(int mdps, long seed, List<Result> results) {
  /**
   * One statement's outcome.
   *
   * @param statement what was checked
   * @param tried processes to which it applies
   * @param violations processes in which it failed by more than {@link Theory#TOLERANCE}
   * @param worstMargin the least margin seen, relative to the values; infinite if none was tried
   */
  public record Result(Statement statement, int tried, int violations, double worstMargin) {
    /** The statement's name as it is printed. */
    public String name() {
      return statement.title();
    }

    /** Whether this is what theory predicts. */
    public boolean asExpected() {
      return !statement.shouldHold() || violations == 0;
    }
  }

  public TheoryReport {
    results = List.copyOf(results);
  }

  /** Whether every statement that should hold does. */
  public boolean holds() {
    return results.stream().allMatch(Result::asExpected);
  }

  /** A table for people, one line for each statement, ending in a newline. */
  public String table() {
    StringBuilder out = new StringBuilder();
    String row = "%-72s %-11s %6s %10s %12s%n";
    out.append(
        String.format(
            Locale.ROOT, row, "statement", "should hold", "MDPs", "violations", "worst margin"));
    for (Result result : results) {
      out.append(
          String.format(
              Locale.ROOT,
              row,
              result.name(),
              result.statement().shouldHold() ? "yes" : "no",
              result.tried(),
              result.violations() + (result.asExpected() ? "" : " !"),
              String.format(Locale.ROOT, "%.2e", result.worstMargin())));
    }
    return out.toString();
  }

  /** One line: {mdps, seed, statements: [{name, should_hold, violations, worst_margin}]}. */
  public String json() {
    StringBuilder out = new StringBuilder();
    out.append("{\"mdps\":").append(mdps).append(",\"seed\":").append(seed);
    String separator = ",\"statements\":[";
    for (Result result : results) {
      out.append(separator).append("{\"name\":\"").append(result.name());
      out.append("\",\"should_hold\":").append(result.statement().shouldHold());
      out.append(",\"violations\":").append(result.violations()).append(",\"worst_margin\":");
      // JSON has no infinity: a statement that was never tried has no margin.
      boolean finite = Double.isFinite(result.worstMargin());
      out.append(finite ? Double.toString(result.worstMargin()) : "null").append('}');
      separator = ",";
    }
    return out.append("]}").toString();
  }
}
