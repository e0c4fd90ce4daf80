package mpdp.benchmark.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Programs on a GPU beside PyTorch's best way, several sizes to a line. */
final class GpuSummary {
  private static final String HEAD =
      """
      | program | mpdp | PyTorch | ratio |
      | --- | --- | --- | --- |""";

  /**
   * @param sizes the parameters of each size
   * @param variant of the peers that do the same work, "" for all of them
   * @param between joins what the sizes came to
   */
  private record Row(
      String label,
      String title,
      List<Map<String, String>> sizes,
      String variant,
      boolean millions,
      String between) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(
              "ensemble training step, 7 x 256 rows",
              "EnsembleTrainStep",
              List.of(Map.of()),
              "",
              false,
              ""),
          new Row(
              "SAC update, 2 x 256 and 2 x 512",
              "SacUpdate",
              List.of(Map.of("width", "256"), Map.of("width", "512")),
              "",
              false,
              " and "),
          new Row(
              "policy improvement, H = 1, 3, 5, all 7 members",
              "PolicyImprovement",
              List.of(planned("1"), planned("3"), planned("5")),
              "all",
              false,
              ", "),
          new Row(
              "imagination, 1000 particles, H = 5",
              "Imagine",
              List.of(Map.of("particles", "1000", "horizon", "5")),
              "",
              true,
              ""));

  private GpuSummary() {}

  private static Map<String, String> planned(String horizon) {
    return Map.of("horizon", horizon, Measured.UNCERTAINTY, "true");
  }

  static String table(ResultFolder results) {
    List<String> lines = new ArrayList<>(List.of(HEAD));
    for (Row row : ROWS) {
      List<Measured> sizes =
          row.sizes().stream()
              .map(size -> results.find(row.title(), size).beside(row.variant()))
              .toList();
      lines.add(
          Numbers.row(
              row.label(),
              rates(row, sizes, Measured::rate),
              rates(row, sizes, size -> size.bestPeer("fp32")),
              sizes.stream()
                  .map(size -> Numbers.fixed(size.rate() / size.bestPeer("fp32"), 1))
                  .collect(Collectors.joining(row.between()))));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String rates(Row row, List<Measured> sizes, ToDoubleFunction<Measured> rateOfOne) {
    return sizes.stream()
        .mapToDouble(rateOfOne)
        .mapToObj(r -> row.millions() ? Numbers.fixed(r / 1e6, 1) : Numbers.whole(r))
        .collect(
            Collectors.joining(row.between(), "", row.millions() ? " M transitions/s" : " /s"));
  }
}
