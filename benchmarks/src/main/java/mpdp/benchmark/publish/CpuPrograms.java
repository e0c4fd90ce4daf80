package mpdp.benchmark.publish;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Programs on one and on two threads of a CPU. */
final class CpuPrograms {
  private static final String HEAD =
      """
      | benchmark | 1 thread | %1$s | 2 threads | %1$s | scaling | of best iterations |
      | --- | --- | --- | --- | --- | --- | --- |""";

  /** What a row shows: a rate, a rate of something without arithmetic of ours, or a time. */
  private enum Kind {
    RATE,
    BARE_RATE,
    MILLISECONDS
  }

  private record Row(String label, Kind kind, String title, Map<String, String> parameters) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("EnsembleTrainStep, steps/s", Kind.RATE, "EnsembleTrainStep", Map.of()),
          new Row("SacUpdate 2 x 256, updates/s", Kind.RATE, "SacUpdate", Map.of("width", "256")),
          new Row("SacUpdate 2 x 512, updates/s", Kind.RATE, "SacUpdate", Map.of("width", "512")),
          new Row(
              "PolicyImprovement H = 1, all 7 members, updates/s",
              Kind.RATE,
              "PolicyImprovement",
              Map.of("horizon", "1", Measured.UNCERTAINTY, "true")),
          new Row(
              "PolicyImprovement H = 3, all 7 members, updates/s",
              Kind.RATE,
              "PolicyImprovement",
              Map.of("horizon", "3", Measured.UNCERTAINTY, "true")),
          new Row(
              "PolicyImprovement H = 3, one elite for each row, updates/s",
              Kind.RATE,
              "PolicyImprovement",
              Map.of("horizon", "3", Measured.UNCERTAINTY, "false")),
          new Row(
              "Imagine 10 000, H = 5, transitions/s",
              Kind.RATE,
              "Imagine",
              Map.of("particles", "10000", "horizon", "5", "precision", "fp32")),
          new Row(
              "the same in bf16",
              Kind.RATE,
              "Imagine",
              Map.of("particles", "10000", "horizon", "5", "precision", "bf16")),
          new Row(
              "Plan MPPI 512 x H 3 x 6, ms",
              Kind.MILLISECONDS,
              "Plan",
              Map.of("search", "mppi", "precision", "fp32")),
          new Row(
              "the same in bf16",
              Kind.MILLISECONDS,
              "Plan",
              Map.of("search", "mppi", "precision", "bf16")),
          new Row(
              "EnvironmentStep, batch 64, steps/s",
              Kind.BARE_RATE,
              "EnvironmentStep.environment",
              Map.of("batch", "64")),
          new Row(
              "MuJoCo alone, open loop, batch 64, steps/s",
              Kind.BARE_RATE,
              "EnvironmentStep.openLoop",
              Map.of("batch", "64")));

  private CpuPrograms() {}

  /** Every row, on the cpu back end where one is used. */
  static String table(ResultFolder results) {
    return table(results, "cpu", "of peak, of attainable", ROWS);
  }

  /** The rows that use a back end, on opencl; bf16 gains nothing there. */
  static String openClTable(ResultFolder results) {
    List<Row> rows =
        ROWS.stream()
            .filter(row -> row.kind() != Kind.BARE_RATE)
            .filter(row -> !"bf16".equals(row.parameters().get("precision")))
            .toList();
    return table(results, "opencl", "of peak", rows);
  }

  private static String table(ResultFolder results, String backend, String shares, List<Row> rows) {
    List<String> lines = new ArrayList<>(List.of(HEAD.formatted(shares)));
    for (Row row : rows) {
      lines.add(line(row, result(results, backend, row, 1), result(results, backend, row, 2)));
    }
    return String.join("\n", lines) + "\n";
  }

  private static Measured result(ResultFolder results, String backend, Row row, int threads) {
    Map<String, String> parameters = new HashMap<>(row.parameters());
    if (row.kind() != Kind.BARE_RATE) {
      parameters.put("backend", backend);
    }
    parameters.put("shape", "halfcheetah");
    parameters.put("threads", Integer.toString(threads));
    return results.find(row.title(), parameters);
  }

  private static String line(Row row, Measured one, Measured two) {
    double scaling =
        row.kind() == Kind.MILLISECONDS ? one.score() / two.score() : two.rate() / one.rate();
    return Numbers.row(
        row.label(),
        Numbers.threeDigits(shown(row, one)),
        share(row, one),
        Numbers.threeDigits(shown(row, two)),
        share(row, two),
        Numbers.fixed(scaling, 2),
        Numbers.fixed(two.bestRate() / one.bestRate(), 2));
  }

  private static double shown(Row row, Measured result) {
    return row.kind() == Kind.MILLISECONDS ? result.score() : result.rate();
  }

  /** Of the peak and, on the cpu back end, of what the step could attain. */
  private static String share(Row row, Measured result) {
    if (row.kind() == Kind.BARE_RATE) {
      return "";
    }
    double attained = result.medians().getOrDefault("fraction_of_attainable", Double.NaN);
    return Numbers.percent(result.median("fraction_of_peak"))
        + (Double.isNaN(attained) ? "" : ", " + Numbers.percent(attained));
  }
}
