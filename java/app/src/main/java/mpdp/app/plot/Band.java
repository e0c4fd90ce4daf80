package mpdp.app.plot;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import mpdp.app.run.Curve;

/**
 * Several runs' curves as one line in a band, at each place where all of them have a value.
 *
 * @param x ascending
 * @param center the line
 * @param low lower edge of the band
 * @param high upper edge of the band
 */
public record Band(double[] x, double[] center, double[] low, double[] high) {
  /** The line and the edges at one place. */
  public record Point(double center, double low, double high) {}

  /**
   * Combines curves.
   *
   * @param curves none of them empty
   * @param summary of the curves' values at one place, in the curves' order
   */
  public static Band of(List<Curve> curves, Function<double[], Point> summary) {
    double first = curves.stream().mapToDouble(c -> c.x()[0]).max().orElse(0);
    double last = curves.stream().mapToDouble(c -> c.x()[c.x().length - 1]).min().orElse(-1);
    double[] x =
        curves.stream()
            .flatMapToDouble(c -> Arrays.stream(c.x()))
            .filter(at -> first <= at && at <= last)
            .distinct()
            .sorted()
            .toArray();
    Band band = new Band(x, new double[x.length], new double[x.length], new double[x.length]);
    for (int i = 0; i < x.length; i++) {
      double at = x[i];
      Point point = summary.apply(curves.stream().mapToDouble(c -> c.at(at)).toArray());
      band.center[i] = point.center();
      band.low[i] = point.low();
      band.high[i] = point.high();
    }
    return band;
  }

  /** The mean in a band of one standard deviation on each side; empty curves do not count. */
  static Band spread(List<Curve> all) {
    return of(all.stream().filter(curve -> !curve.isEmpty()).toList(), Band::spread);
  }

  private static Point spread(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double square = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    double deviation = Math.sqrt(square);
    return new Point(mean, mean - deviation, mean + deviation);
  }

  boolean isEmpty() {
    return x.length == 0;
  }
}
