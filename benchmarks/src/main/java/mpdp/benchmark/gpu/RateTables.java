package mpdp.benchmark.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tables of a check's figures: each benchmark's rate beside the least time that the card's
 * arithmetic, memory and launches allow; beside PyTorch's rate; and the training runs.
 */
final class RateTables {
  private static final String OURS = "%13s %10s %9s %6s %6s %8s %10s %6s  %s";
  private static final String BESIDE = "%13s %13s %7s  %s";

  /** The same in every line of a check. */
  private static final Set<String> FIXED = Set.of("backend", "threads");

  private RateTables() {}

  /** All tables, each after an empty line; those without a line are left out. */
  static List<String> of(
      @Nullable JsonNode roofline,
      List<JsonNode> benchmarks,
      List<SequencedMap<String, Object>> trainings) {
    List<String> lines = new ArrayList<>();
    if (roofline != null) {
      lines.add("");
      lines.add(
          roofline.properties().stream()
              .map(e -> e.getKey() + " " + e.getValue().asString())
              .collect(Collectors.joining(", ")));
    }
    if (!benchmarks.isEmpty()) {
      lines.addAll(ours(roofline, benchmarks));
    }
    if (benchmarks.stream().anyMatch(result -> result.has("peers"))) {
      lines.addAll(beside(benchmarks));
    }
    if (!trainings.isEmpty()) {
      lines.add("");
      trainings.forEach(training -> lines.add(training(training)));
    }
    return lines;
  }

  private static List<String> ours(@Nullable JsonNode roofline, List<JsonNode> benchmarks) {
    double flops = 1e12 * peak(roofline, "fma_tflops");
    double memory = 1e9 * peak(roofline, "copy_gb_per_s");
    double node = peak(roofline, "graph_node_us");
    List<String> lines = new ArrayList<>(List.of(""));
    lines.add(
        OURS.formatted(
            "units/s",
            "us/step",
            "GFLOP/s",
            "% FMA",
            "% copy",
            "launches",
            "us of them",
            "B/op",
            "benchmark [step]"));
    for (JsonNode result : benchmarks) {
      double gflops = value(result, "gflops");
      double seconds = value(result, "flops_per_step") / (gflops * 1e9);
      double launches = value(result, "launches_per_step");
      lines.add(
          OURS.formatted(
              number(value(result, "units_per_s"), 1),
              number(1e6 * seconds, 1),
              number(gflops, 0),
              number(100 * gflops * 1e9 / flops, 1),
              number(100 * value(result, "bytes_per_step") / seconds / memory, 1),
              number(launches, 0),
              number(launches * node, 1),
              number(value(result, "alloc_bytes_per_step"), 0),
              name(result) + " [" + result.path("step").asString("") + "]"));
    }
    return lines;
  }

  private static double peak(@Nullable JsonNode roofline, String name) {
    return roofline == null ? Double.NaN : roofline.path(name).asDouble(Double.NaN);
  }

  private static List<String> beside(List<JsonNode> benchmarks) {
    List<String> lines = new ArrayList<>(List.of(""));
    lines.add(BESIDE.formatted("mpdp units/s", "PyTorch", "ratio", "benchmark [how]"));
    for (JsonNode result : benchmarks) {
      double ours = value(result, "units_per_s");
      double best = fastest(result.path("peers"));
      for (JsonNode peer : result.path("peers")) {
        double theirs = peer.path("units_per_s").asDouble(Double.NaN);
        String which = theirs == best ? " <- the best in fp32 of these" : "";
        lines.add(
            BESIDE.formatted(
                number(ours, 1),
                number(theirs, 1),
                number(ours / theirs, 2),
                "%s [%s]%s".formatted(name(result), peer.path("how").asString(""), which)));
      }
    }
    return lines;
  }

  /** The highest rate in fp32; NaN where there is none. */
  private static double fastest(JsonNode peers) {
    return StreamSupport.stream(peers.spliterator(), false)
        .filter(peer -> peer.path("precision").asString("").equals("fp32"))
        .mapToDouble(peer -> peer.path("units_per_s").asDouble(Double.NaN))
        .filter(rate -> !Double.isNaN(rate))
        .max()
        .orElse(Double.NaN);
  }

  private static String training(SequencedMap<String, Object> figures) {
    return figures.entrySet().stream()
        .map(
            figure ->
                figure.getValue() instanceof Double number
                    ? String.format(Locale.ROOT, "%s %.4g", figure.getKey(), number)
                    : figure.getValue().toString())
        .collect(Collectors.joining("  "));
  }

  /** The benchmark and the parameters that may differ. */
  private static String name(JsonNode result) {
    String[] parts = result.path("benchmark").asString("").split("\\.");
    String method = parts[parts.length - 1];
    String type = parts[Math.max(0, parts.length - 2)];
    String title = method.equals("run") ? type : type + "." + method;
    return result.path("params").properties().stream()
        .filter(parameter -> !FIXED.contains(parameter.getKey()))
        .map(parameter -> " " + parameter.getKey() + "=" + parameter.getValue().asString())
        .collect(Collectors.joining("", title, ""));
  }

  /** The median iteration of a secondary result, or NaN. */
  private static double value(JsonNode result, String name) {
    return result
        .path("secondaryMetrics")
        .path(name)
        .path("scorePercentiles")
        .path("50.0")
        .asDouble(Double.NaN);
  }

  private static String number(double value, int digits) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? ""
        : String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
