package mpdp.app.run;

import java.util.Arrays;

/**
 * One column of one run over another one, empty cells left out.
 *
 * @param x ascending: environment steps, or time
 * @param values as long as {@code x}, all finite
 */
public record Curve(double[] x, double[] values) {
  /** A column over environment steps. */
  public static Curve of(MetricsTable table, String column) {
    return of(table, MetricsFile.STEPS, column, 1);
  }

  /** A column over wall clock time, in minutes since the run began. */
  public static Curve overMinutes(MetricsTable table, String column) {
    return of(table, MetricsFile.WALL, column, 60);
  }

  private static Curve of(MetricsTable table, String over, String column, double unit) {
    double[] x = table.column(over);
    double[] values = table.column(column);
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i]) && Double.isFinite(x[i])) {
        x[count] = x[i] / unit;
        values[count] = values[i];
        count++;
      }
    }
    return new Curve(Arrays.copyOf(x, count), Arrays.copyOf(values, count));
  }

  public boolean isEmpty() {
    return x.length == 0;
  }

  /** Index of the last value up to a place, -1 where there is none. */
  public int before(double at) {
    int found = Arrays.binarySearch(x, at);
    return found >= 0 ? found : -found - 2;
  }

  /** The value at a place between the first and the last, on the line between its neighbours. */
  public double at(double at) {
    int found = Arrays.binarySearch(x, at);
    if (found >= 0) {
      return values[found];
    }
    int right = -found - 1;
    if (right == 0 || right == x.length) {
      return Double.NaN;
    }
    double share = (at - x[right - 1]) / (x[right] - x[right - 1]);
    return values[right - 1] + share * (values[right] - values[right - 1]);
  }
}
