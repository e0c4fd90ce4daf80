package mpdp.app.compare;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * The scores of a group of runs.
 *
 * @param key the value that its runs share
 * @param n runs that count
 * @param iqm interquartile mean
 * @param interval of the interquartile mean
 * @param auc mean over the runs of the area under the evaluation curve
 * @param scores one for each run that counts, ordered by stratum
 */
public record Group(
    String key,
    int n,
    double mean,
    double median,
    double min,
    double iqm,
    Statistics.Interval interval,
    double auc,
    List<Score> scores) {
  private static final int RESAMPLES = 10_000;

  /** Summarises scores, at least one. */
  static Group of(String key, List<Score> scores) {
    List<Score> ordered = strata(scores).values().stream().flatMap(List::stream).toList();
    double[] values = ordered.stream().mapToDouble(Score::value).toArray();
    List<double[]> strata =
        strata(scores).values().stream()
            .map(stratum -> stratum.stream().mapToDouble(Score::value).toArray())
            .toList();
    return new Group(
        key,
        values.length,
        Statistics.mean(values),
        Statistics.median(values),
        Arrays.stream(values).min().orElse(Double.NaN),
        Statistics.interquartileMean(values),
        Statistics.bootstrap(strata, Statistics::interquartileMean, RESAMPLES),
        Statistics.mean(ordered.stream().mapToDouble(Score::area).toArray()),
        ordered);
  }

  /** Scores by stratum. */
  static SequencedMap<String, List<Score>> strata(List<Score> scores) {
    return scores.stream()
        .collect(Collectors.groupingBy(Score::stratum, LinkedHashMap::new, Collectors.toList()));
  }
}
