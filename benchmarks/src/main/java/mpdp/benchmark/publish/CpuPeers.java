package mpdp.benchmark.publish;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Programs on two threads of a CPU beside PyTorch on two threads. */
final class CpuPeers {
  private static final String HEAD =
      """
      | benchmark | mpdp | of attainable | PyTorch | ratio | of best rounds | attainable |
      | --- | --- | --- | --- | --- | --- | --- |""";

  private record Row(String label, String title, Map<String, String> parameters) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("EnsembleTrainStep, steps/s", "EnsembleTrainStep", Map.of()),
          new Row("SacUpdate 2 x 256, updates/s", "SacUpdate", Map.of("width", "256")),
          new Row("SacUpdate 2 x 512, updates/s", "SacUpdate", Map.of("width", "512")),
          planned("1", "true"),
          planned("3", "true"),
          planned("1", "false"),
          planned("3", "false"),
          new Row("Imagine 10 000, H = 5, transitions/s", "Imagine", Map.of("precision", "fp32")),
          new Row("the same in bf16", "Imagine", Map.of("precision", "bf16")),
          plan("Plan MPPI 512 x H 3 x 6, plans/s", "mppi", "fp32"),
          plan("the same in bf16", "mppi", "bf16"),
          plan("Plan CEM 350 x 20 x H 15 x 5, plans/s", "cem", "fp32"),
          plan("the same in bf16", "cem", "bf16"));

  private CpuPeers() {}

  private static Row planned(String horizon, String uncertainty) {
    return new Row(
        "PolicyImprovement H = %s, %s, updates/s"
            .formatted(
                horizon, uncertainty.equals("true") ? "all 7 members" : "one elite for each row"),
        "PolicyImprovement",
        Map.of("horizon", horizon, Measured.UNCERTAINTY, uncertainty));
  }

  private static Row plan(String label, String search, String precision) {
    return new Row(label, "Plan", Map.of("search", search, "precision", precision));
  }

  static String table(ResultFolder results) {
    List<String> lines = new ArrayList<>(List.of(HEAD));
    for (Row row : ROWS) {
      Map<String, String> parameters = new HashMap<>(row.parameters());
      parameters.putAll(Map.of("backend", "cpu", "shape", "halfcheetah", "threads", "2"));
      Measured ours = results.find(row.title(), parameters);
      String precision = row.parameters().getOrDefault("precision", "fp32");
      double theirs = ours.bestPeer(precision);
      double attained = ours.median("fraction_of_attainable");
      lines.add(
          Numbers.row(
              row.label(),
              Numbers.threeDigits(ours.rate()),
              Numbers.percent(attained),
              Numbers.threeDigits(theirs),
              Numbers.fixed(ours.rate() / theirs, 2),
              Numbers.fixed(ours.bestRounds(precision), 2),
              Numbers.fixed(ours.rate() / attained / theirs, 2)));
    }
    return String.join("\n", lines) + "\n";
  }
}
