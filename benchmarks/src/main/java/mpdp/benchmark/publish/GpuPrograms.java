package mpdp.benchmark.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs on a GPU beside each of PyTorch's ways of doing the same. */
final class GpuPrograms {
  private static final String HEAD =
      """
      | benchmark (HalfCheetah's shape) | mpdp | of the FMA peak | PyTorch fp32: eager | graph | compiled, as a graph | ratio to its best | to its best in TF32 |
      | --- | --- | --- | --- | --- | --- | --- | --- |""";

  /**
   * @param millions whether rates are shown in millions
   * @param variant of the peers that do the same work, "" for all of them
   */
  private record Row(
      String label,
      String title,
      Map<String, String> parameters,
      boolean millions,
      String variant) {

    static Row improvement(int horizon, String detail) {
      return new Row(
          "PolicyImprovement H = " + horizon + detail,
          "PolicyImprovement",
          Map.of("horizon", Integer.toString(horizon), Measured.UNCERTAINTY, "true"),
          false,
          "all");
    }

    static Row imagine(String label, int particles) {
      return new Row(
          "Imagine " + label + " x 5, M transitions/s",
          "Imagine",
          Map.of("particles", Integer.toString(particles), "horizon", "5"),
          true,
          "");
    }
  }

  private static final List<Row> ROWS =
      List.of(
          new Row("EnsembleTrainStep, steps/s", "EnsembleTrainStep", Map.of(), false, ""),
          new Row("SacUpdate 2 x 256, updates/s", "SacUpdate", Map.of("width", "256"), false, ""),
          new Row("SacUpdate 2 x 512, updates/s", "SacUpdate", Map.of("width", "512"), false, ""),
          Row.improvement(1, ", all 7 members, updates/s"),
          Row.improvement(3, ""),
          Row.improvement(5, ""),
          Row.imagine("1000", 1000),
          Row.imagine("10 000", 10_000),
          Row.imagine("100 000", 100_000));

  private GpuPrograms() {}

  static String table(ResultFolder results) {
    List<String> lines = new ArrayList<>(List.of(HEAD));
    for (Row row : ROWS) {
      lines.add(
          line(
              row,
              results.find(row.title(), row.parameters()).beside(row.variant()),
              results.peakGigaflops()));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String line(Row row, Measured result, double peak) {
    return Numbers.row(
        row.label(),
        rate(row, result.rate()),
        Numbers.percent(result.median("gflops") / peak),
        rate(row, result.peer("eager")),
        rate(row, result.peer("graph")),
        rate(row, result.peer("compiled")),
        ratio(result, "fp32"),
        ratio(result, "tf32"));
  }

  private static String rate(Row row, double rate) {
    if (Double.isNaN(rate)) {
      return "failed";
    }
    return row.millions() ? Numbers.fixed(rate / 1e6, 1) : Numbers.whole(rate);
  }

  /** Empty where a way of theirs failed: it may be the best. */
  private static String ratio(Measured result, String precision) {
    double best = result.bestPeer(precision);
    return Double.isNaN(best) ? "" : Numbers.fixed(result.rate() / best, 2);
  }
}
