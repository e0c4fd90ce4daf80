package mpdp.benchmark.publish;

import tools.jackson.databind.JsonNode;

/**
 * A comparator's result, as {@code mpdp bench --peers --json} writes it.
 *
 * @param mode eager, graph or compiled: how it ran in the end; "" where it never did
 * @param precision fp32, tf32, bf16, or bf16 beside tf32
 * @param variant the way of doing the same that was the fastest, "" where there is one way
 * @param failed whether what it was asked for failed; it may have run eagerly instead
 * @param rate units per second, NaN where it did not run
 * @param bestRatio our best round over its best round, NaN where nobody looked
 */
record PeerRate(
    String mode, String precision, String variant, boolean failed, double rate, double bestRatio) {

  /**
   * One that ended before it told of itself is known by its options, which {@code how} repeats.
   *
   * @param variant of one that told none and has no option for it
   */
  static PeerRate of(JsonNode peer, String variant) {
    String how = peer.path("how").asString("");
    double rate = peer.path("units_per_s").asDouble(Double.NaN);
    return new PeerRate(
        peer.path("mode").asString(""),
        peer.path("precision").asString(how.contains("tf32") ? "tf32" : "fp32"),
        peer.path("variant").asString(how.contains("members all") ? "all" : variant),
        Double.isNaN(rate) || peer.has("failed"),
        rate,
        peer.path("best_ratio").asDouble(Double.NaN));
  }
}
