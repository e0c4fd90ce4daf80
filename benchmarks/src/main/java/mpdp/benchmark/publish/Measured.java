package mpdp.benchmark.publish;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mpdp.MpdpException;
import tools.jackson.databind.JsonNode;

/**
 * One result as {@code mpdp bench --json} writes it.
 *
 * @param title the benchmark's class, with its method where that is not {@code run}
 * @param parameters by name
 * @param score median of JMH's own measure, in its unit
 * @param medians of the secondary results, by name
 * @param bestRate what the benchmark counts, a second, in its best iteration; NaN if nothing
 * @param peers what was measured beside it, if anything
 */
record Measured(
    String title,
    Map<String, String> parameters,
    double score,
    Map<String, Double> medians,
    double bestRate,
    List<PeerRate> peers) {

  /** The parameter that says whether plans go through every member. */
  static final String UNCERTAINTY = "uncertainty";

  /** The parameter that says how many seeds' programs run as one; 1 where there is none. */
  private static final String SEEDS = "seeds";

  static Measured of(JsonNode result) {
    Map<String, String> parameters = new LinkedHashMap<>();
    result
        .path("params")
        .properties()
        .forEach(e -> parameters.put(e.getKey(), e.getValue().asString()));
    String title = title(result.path("benchmark").asString(""));
    String work = parameters.getOrDefault(UNCERTAINTY, "").equals("true") ? "all" : "";
    if (title.equals("PolicyImprovement")) {
      parameters.putIfAbsent(UNCERTAINTY, "true"); // as all of them were before it was a parameter
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    result
        .path("secondaryMetrics")
        .properties()
        .forEach(e -> medians.put(e.getKey(), median(e.getValue())));
    List<PeerRate> peers = new ArrayList<>();
    result.path("peers").forEach(peer -> peers.add(PeerRate.of(peer, work)));
    double best =
        result
            .path("secondaryMetrics")
            .path("units_per_s")
            .path("rawData")
            .valueStream()
            .flatMap(JsonNode::valueStream)
            .mapToDouble(iteration -> iteration.asDouble(Double.NaN))
            .max()
            .orElse(Double.NaN);
    double score = median(result.path("primaryMetric"));
    return new Measured(title, parameters, score, medians, best, peers);
  }

  private static String title(String benchmark) {
    String[] parts = benchmark.split("\\.");
    String method = parts[parts.length - 1];
    String type = parts.length < 2 ? "" : parts[parts.length - 2];
    return method.equals("run") ? type : type + "." + method;
  }

  /** JMH writes NaN as a string, and no percentiles of what it only counts. */
  private static double median(JsonNode metric) {
    return metric.path("scorePercentiles").path("50.0").asDouble(Double.NaN);
  }

  /** Whether one seed's program ran by itself. */
  boolean oneSeed() {
    return parameters.getOrDefault(SEEDS, "1").equals("1");
  }

  /** What the benchmark counts, a second. */
  double rate() {
    return median("units_per_s");
  }

  /**
   * A secondary result.
   *
   * @throws MpdpException if there is none
   */
  double median(String name) {
    double median = medians.getOrDefault(name, Double.NaN);
    if (Double.isNaN(median)) {
      throw new MpdpException(title + " " + parameters + " has no " + name + ": measure it again");
    }
    return median;
  }

  /** The same beside those peers alone that took a {@code variant}; "" for all of them. */
  Measured beside(String variant) {
    List<PeerRate> same =
        peers.stream().filter(p -> variant.isEmpty() || p.variant().equals(variant)).toList();
    return new Measured(title, parameters, score, medians, bestRate, same);
  }

  /**
   * This and a later result of the same variant as one. Rates that stand beside peers are those of
   * the first rounds with peers.
   */
  Measured joined(Measured later) {
    if (peers.isEmpty()) {
      return later;
    }
    List<PeerRate> all = new ArrayList<>(peers);
    all.addAll(later.peers());
    return new Measured(title, parameters, score, medians, bestRate, all);
  }

  /** Units per second of a mode in fp32; NaN where it failed or was not asked. */
  double peer(String mode) {
    return peers.stream()
        .filter(p -> p.mode().equals(mode) && p.precision().equals("fp32"))
        .mapToDouble(PeerRate::rate)
        .filter(rate -> !Double.isNaN(rate))
        .max()
        .orElse(Double.NaN);
  }

  /** Our best round over the fastest peer's best round. */
  double bestRounds(String precision) {
    return peers.stream()
        .filter(peer -> peer.precision().equals(precision) && !Double.isNaN(peer.rate()))
        .max(Comparator.comparingDouble(PeerRate::rate))
        .map(PeerRate::bestRatio)
        .orElse(Double.NaN);
  }

  /** Units per second of the fastest peer; NaN where a way failed, because that may be it. */
  double bestPeer(String precision) {
    List<PeerRate> ways = peers.stream().filter(p -> p.precision().equals(precision)).toList();
    return ways.stream().anyMatch(PeerRate::failed)
        ? Double.NaN
        : ways.stream().mapToDouble(PeerRate::rate).max().orElse(Double.NaN);
  }
}
