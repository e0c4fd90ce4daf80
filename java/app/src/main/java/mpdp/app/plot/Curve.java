package mpdp.app.plot;

import java.util.Arrays;
import mpdp.app.run.MetricsFile;
import mpdp.app.run.MetricsTable;

/**
 * One column of one run over its environment steps, empty cells left out.
 *
 * @param steps ascending
 * @param values as long as {@code steps}, all finite
 */
record Curve(double[] steps, double[] values) {
  static Curve of(MetricsTable table, String column) {
    double[] steps = table.column(MetricsFile.STEPS);
    double[] values = table.column(column);
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        steps[count] = steps[i];
        values[count] = values[i];
        count++;
      }
    }
    return new Curve(Arrays.copyOf(steps, count), Arrays.copyOf(values, count));
  }

  boolean isEmpty() {
    return steps.length == 0;
  }

  /** The value at a step between the first and the last, on the line between its neighbours. */
  double at(double step) {
    int found = Arrays.binarySearch(steps, step);
    if (found >= 0) {
      return values[found];
    }
    int right = -found - 1;
    if (right == 0 || right == steps.length) {
      return Double.NaN;
    }
    double share = (step - steps[right - 1]) / (steps[right] - steps[right - 1]);
    return values[right - 1] + share * (values[right] - values[right - 1]);
  }
}
