package mpdp.app.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import mpdp.app.plot.Band;
import mpdp.app.plot.BandChart;
import mpdp.app.plot.Fonts;
import mpdp.app.run.Curve;
import mpdp.app.run.RunSummary;

/**
 * Draws a comparison: the interquartile mean of the groups' evaluations in the band of its
 * interval, over environment steps and over wall clock time.
 */
public final class ComparisonPlot {
  private static final int RESAMPLES = 1000;

  private ComparisonPlot() {}

  /**
   * Writes a PNG.
   *
   * @throws mpdp.MpdpException if there are no fonts here, or the file cannot be written
   */
  public static void write(Comparison comparison, Path file) {
    Fonts.require();
    String title = "return by " + comparison.by() + ": interquartile mean, 95 % interval";
    BandChart.write(
        List.of(
            BandChart.draw(title, "environment steps", bands(comparison, RunSummary::evaluations)),
            BandChart.draw(
                title,
                "minutes of training",
                bands(comparison, RunSummary::evaluationsOverMinutes))),
        1,
        2,
        file);
  }

  private static SequencedMap<String, Band> bands(
      Comparison comparison, Function<RunSummary, Curve> curve) {
    SequencedMap<String, Band> bands = new LinkedHashMap<>();
    for (Group group : comparison.groups()) {
      List<Integer> sizes = Group.strata(group.scores()).values().stream().map(List::size).toList();
      bands.put(
          group.key() + " (" + group.n() + ")",
          Band.of(
              group.scores().stream().map(score -> curve.apply(score.run())).toList(),
              values -> point(values, sizes)));
    }
    return bands;
  }

  /** A point of a band; the values are ordered by stratum. */
  private static Band.Point point(double[] values, List<Integer> sizes) {
    List<double[]> strata = new ArrayList<>();
    int first = 0;
    for (int size : sizes) {
      strata.add(Arrays.copyOfRange(values, first, first + size));
      first += size;
    }
    Statistics.Interval interval =
        Statistics.bootstrap(strata, Statistics::interquartileMean, RESAMPLES);
    return new Band.Point(Statistics.interquartileMean(values), interval.low(), interval.high());
  }
}
