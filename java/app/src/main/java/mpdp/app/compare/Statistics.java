package mpdp.app.compare;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import mpdp.random.RandomStream;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/** Statistics of scores, as Agarwal et al. (2021, arXiv 2108.13264) recommend for few runs. */
public final class Statistics {
  /** Percent of the bootstrap's distribution inside an interval. */
  public static final double CONFIDENCE = 95;

  private static final double TRIMMED = 0.25;

  private Statistics() {}

  /**
   * An interval around a statistic.
   *
   * @param low its lower end
   * @param high its upper end
   */
  public record Interval(double low, double high) {}

  public static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  public static double median(double[] values) {
    return percentile(values, 50);
  }

  /**
   * The interquartile mean: of what is left without the lowest and the highest quarter of the
   * values. A quarter is rounded down, so that up to three values are all kept.
   */
  public static double interquartileMean(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int cut = (int) (TRIMMED * sorted.length);
    return mean(Arrays.copyOfRange(sorted, cut, sorted.length - cut));
  }

  /** The percentile, on the line between its neighbours (type 7 of Hyndman and Fan). */
  static double percentile(double[] values, double percent) {
    return new Percentile().withEstimationType(EstimationType.R_7).evaluate(values, percent);
  }

  /**
   * The percentile interval of the stratified bootstrap: each resample draws from every stratum as
   * many values as it has, with replacement. The draws depend on nothing but the arguments.
   *
   * @param strata none of them empty
   * @param statistic of the values of all strata together
   * @param resamples how many times to draw
   */
  public static Interval bootstrap(
      List<double[]> strata, ToDoubleFunction<double[]> statistic, int resamples) {
    double[] drawn = new double[strata.stream().mapToInt(stratum -> stratum.length).sum()];
    double[] results = new double[resamples];
    RandomStream random = new RandomStream(0, 0);
    for (int i = 0; i < resamples; i++) {
      int at = 0;
      for (double[] stratum : strata) {
        for (int j = 0; j < stratum.length; j++) {
          drawn[at++] = stratum[random.nextInt(stratum.length)];
        }
      }
      results[i] = statistic.applyAsDouble(drawn);
    }
    double outside = (100 - CONFIDENCE) / 2;
    return new Interval(percentile(results, outside), percentile(results, 100 - outside));
  }
}
