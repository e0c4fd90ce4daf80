package mpdp.app.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import mpdp.app.compare.Statistics.Interval;
import mpdp.app.run.Curve;
import mpdp.random.RandomStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void theInterquartileMeanLeavesOutTheOuterQuarters() {
    assertThat(Statistics.interquartileMean(new double[] {8, 1, 7, 2, 6, 3, 5, 4})).isEqualTo(4.5);
    assertThat(Statistics.interquartileMean(new double[] {-1000, 3, 5, 1000})).isEqualTo(4);
    // scipy.stats.trim_mean([1, 2, 4, 8, 16, 32, 64], 0.25)
    assertThat(Statistics.interquartileMean(new double[] {1, 2, 4, 8, 16, 32, 64}))
        .isCloseTo(12.4, within(1e-12));
    assertThat(Statistics.interquartileMean(new double[] {1, 2, 9})).as("all three").isEqualTo(4);
  }

  @Test
  void theMedianIsInTheMiddle() {
    assertThat(Statistics.median(new double[] {9, 1, 2})).isEqualTo(2);
    assertThat(Statistics.median(new double[] {9, 1, 2, 4})).isEqualTo(3);
    // numpy.percentile([1, 2, 4, 8], 10)
    assertThat(Statistics.percentile(new double[] {8, 4, 2, 1}, 10)).isCloseTo(1.3, within(1e-12));
  }

  @Test
  void theIntervalOfAMeanIsThatOfTheNormalDistribution() {
    RandomStream random = new RandomStream(5, 1);
    double[] values = new double[400];
    for (int i = 0; i < values.length; i++) {
      values[i] = 10 + 3 * random.nextGaussian();
    }
    double mean = Statistics.mean(values);
    double square = 0;
    for (double value : values) {
      square += (value - mean) * (value - mean);
    }
    double half = 1.96 * Math.sqrt(square / values.length / values.length);
    Interval interval = Statistics.bootstrap(List.of(values), Statistics::mean, 10_000);
    assertThat(interval.low()).isCloseTo(mean - half, within(0.05 * half));
    assertThat(interval.high()).isCloseTo(mean + half, within(0.05 * half));
  }

  @Test
  void twoValuesHaveTheirOwnDistribution() {
    // Resamples of {0, 1} have the mean 0 or 1 in a quarter of the cases each.
    assertThat(Statistics.bootstrap(List.of(new double[] {0, 1}), Statistics::mean, 10_000))
        .isEqualTo(new Interval(0, 1));
  }

  @Test
  void strataKeepTheirSizes() {
    // Without strata, the mean of six values of which half are 100 would vary.
    List<double[]> strata = List.of(new double[] {0, 0, 0}, new double[] {100, 100, 100});
    assertThat(Statistics.bootstrap(strata, Statistics::mean, 1000))
        .isEqualTo(new Interval(50, 50));
  }

  @Test
  void theSameValuesGiveTheSameInterval() {
    List<double[]> strata = List.of(new double[] {3, 1, 4, 1, 5, 9, 2, 6});
    assertThat(Statistics.bootstrap(strata, Statistics::interquartileMean, 500))
        .isEqualTo(Statistics.bootstrap(strata, Statistics::interquartileMean, 500));
  }

  @Test
  void theAreaIsOfTrapezoidsFromStepZero() {
    Curve curve = new Curve(new double[] {100, 200, 400}, new double[] {10, 30, 50});
    // 100 x 10, 100 x 20, 200 x 40.
    assertThat(Score.area(curve, 400)).isCloseTo(11_000.0 / 400, within(1e-12));
    // The last evaluation up to there holds on: 100 x 10, 100 x 20, 100 x 30.
    assertThat(Score.area(curve, 300)).isCloseTo(6000.0 / 300, within(1e-12));
    assertThat(Score.area(curve, 100)).isEqualTo(10);
  }
}
