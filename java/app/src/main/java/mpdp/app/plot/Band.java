package mpdp.app.plot;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Several runs' curves as one: the mean and the spread at each step where all of them have a value.
 *
 * @param steps ascending
 * @param mean mean over the runs
 * @param deviation standard deviation over the runs, 0 for a single one
 */
record Band(double[] steps, double[] mean, double[] deviation) {
  /** Combines curves; those without any value do not count. */
  static Band of(List<Curve> all) {
    List<Curve> curves = all.stream().filter(curve -> !curve.isEmpty()).toList();
    double first = curves.stream().mapToDouble(c -> c.steps()[0]).max().orElse(0);
    double last =
        curves.stream().mapToDouble(c -> c.steps()[c.steps().length - 1]).min().orElse(-1);
    double[] steps =
        curves.stream()
            .flatMapToDouble(c -> Arrays.stream(c.steps()))
            .filter(step -> first <= step && step <= last)
            .distinct()
            .sorted()
            .toArray();
    double[] mean = new double[steps.length];
    double[] deviation = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      double step = steps[i];
      double[] values = curves.stream().mapToDouble(c -> c.at(step)).toArray();
      double center = DoubleStream.of(values).average().orElse(0);
      mean[i] = center;
      deviation[i] =
          Math.sqrt(
              DoubleStream.of(values).map(v -> (v - center) * (v - center)).average().orElse(0));
    }
    return new Band(steps, mean, deviation);
  }

  boolean isEmpty() {
    return steps.length == 0;
  }
}
