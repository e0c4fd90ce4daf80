package mpdp.benchmark.gate;

import java.util.Arrays;

/**
 * Two versions of a step, timed in alternating rounds.
 *
 * @param baseMicros median time of a step of the base
 * @param micros median time of a step of the working tree
 * @param ratio median over rounds of the working tree's time over the base's
 * @param noise half width of the 95 % interval of that median
 */
record Timing(double baseMicros, double micros, double ratio, double noise) {
  private static final double ROUND_NANOS = 20e6;

  /** Standard deviations per median absolute deviation, and of a median, of normal numbers. */
  private static final double DEVIATION = 1.4826;

  private static final double OF_MEDIAN = 1.2533;
  private static final double NINETY_FIVE = 1.96;

  /** Times {@code rounds} pairs of rounds of about 20 ms; the order alternates. */
  static Timing measure(Runnable base, Runnable now, int rounds) {
    int steps = steps(base, now);
    double[] baseNanos = new double[rounds];
    double[] nanos = new double[rounds];
    double[] ratios = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      if (round % 2 == 0) {
        baseNanos[round] = nanos(base, steps);
        nanos[round] = nanos(now, steps);
      } else {
        nanos[round] = nanos(now, steps);
        baseNanos[round] = nanos(base, steps);
      }
      ratios[round] = nanos[round] / baseNanos[round];
    }
    return of(baseNanos, nanos, ratios);
  }

  static Timing of(double[] baseNanos, double[] nanos, double[] ratios) {
    double ratio = median(ratios);
    double[] deviations = Arrays.stream(ratios).map(r -> Math.abs(r - ratio)).toArray();
    double noise =
        NINETY_FIVE * OF_MEDIAN * DEVIATION * median(deviations) / Math.sqrt(ratios.length);
    return new Timing(median(baseNanos) / 1e3, median(nanos) / 1e3, ratio, noise);
  }

  /** Warms both up and finds how many steps fill a round. */
  private static int steps(Runnable base, Runnable now) {
    double slower = 1;
    for (int i = 0; i < 3; i++) {
      slower = Math.max(nanos(base, 1), nanos(now, 1));
    }
    return (int) Math.clamp(ROUND_NANOS / slower, 1, 1e6);
  }

  private static double nanos(Runnable step, int steps) {
    long start = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      step.run();
    }
    return (double) (System.nanoTime() - start) / steps;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
