package mpdp.app.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Two groups, run beside run of equal stratum and seed.
 *
 * @param a key of one group
 * @param b key of the other
 * @param n pairs of runs
 * @param difference mean of a's score less b's
 * @param interval of that mean
 */
public record Pair(String a, String b, int n, double difference, Statistics.Interval interval) {
  private static final int RESAMPLES = 10_000;

  /** Pairs up two groups; {@code n} is 0 where no two runs belong together. */
  static Pair of(Group a, Group b) {
    Map<String, Score> others = new HashMap<>();
    b.scores().forEach(score -> others.put(place(score), score));
    SequencedMap<String, List<Double>> differences = new LinkedHashMap<>();
    for (Score score : a.scores()) {
      Score other = others.get(place(score));
      if (other != null) {
        differences
            .computeIfAbsent(score.stratum(), key -> new ArrayList<>())
            .add(score.value() - other.value());
      }
    }
    List<double[]> strata =
        differences.values().stream()
            .map(list -> list.stream().mapToDouble(d -> d).toArray())
            .toList();
    double[] all =
        differences.values().stream().flatMap(List::stream).mapToDouble(d -> d).toArray();
    return new Pair(
        a.key(),
        b.key(),
        all.length,
        Statistics.mean(all),
        all.length == 0
            ? new Statistics.Interval(Double.NaN, Double.NaN)
            : Statistics.bootstrap(strata, Statistics::mean, RESAMPLES));
  }

  private static String place(Score score) {
    return score.stratum() + " s" + score.run().seed();
  }
}
