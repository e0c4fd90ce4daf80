package mpdp.benchmark.harness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Turns steps per second into the secondary results of the contract. A JMH profiler, because that
 * is JMH's way to report values that are neither counts nor times. The benchmark of this JVM
 * publishes what its step takes.
 */
public final class Tally implements InternalProfiler {
  /** What one step takes and does. */
  private record Step(Cost cost, double units) {}

  private static volatile @Nullable Step step;
  private static volatile double peak = Double.NaN;
  private static volatile double allocated = Double.NaN;
  private static volatile double bound = Double.NaN;
  private static volatile double exchange = Double.NaN;

  /**
   * Publishes what one step takes.
   *
   * @param cost flops, bytes and launches of one step
   * @param units what one step does, in the benchmark's unit
   */
  static void publish(Cost cost, double units) {
    step = new Step(cost, units);
  }

  /** As the other, for a step without ops: {@code bytes} that it hands over, in one call. */
  public static void publish(double units, double bytes) {
    publish(new Cost(Double.NaN, bytes, 1), units);
  }

  /** Notes a measurement of the peak, in flops per second; the best one counts. */
  static void peak(double flopsPerSecond) {
    peak = Double.isNaN(peak) ? flopsPerSecond : Math.max(peak, flopsPerSecond);
  }

  /** Notes the seconds that a step could take ({@link UnitCosts#bound}), as known by now. */
  static void bound(double seconds) {
    bound = seconds;
  }

  /** Notes the nanoseconds of an {@link Exchange} between iterations. */
  static void exchange(double nanos) {
    exchange = nanos;
  }

  /** Notes the bytes that one step allocated on the Java heap. */
  static void allocated(double bytes) {
    allocated = bytes;
  }

  @Override
  public String getDescription() {
    return "units, flops, fraction of the peak, bytes and launches of a step";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    Step published = step;
    if (published == null) {
      return List.of();
    }
    double rate = stepsPerSecond(benchmark, result);
    double flops = published.cost().flops() * rate;
    List<Result<?>> results = new ArrayList<>();
    results.add(scalar("units_per_s", published.units() * rate, "units/s"));
    results.add(scalar("gflops", flops / 1e9, "GFLOP/s"));
    results.add(scalar("fraction_of_peak", flops / peak, "of peak"));
    results.add(scalar("fraction_of_attainable", bound * rate, "of attainable"));
    results.add(scalar("exchange_ns", exchange, "ns"));
    results.add(scalar("peak_gflops", peak / 1e9, "GFLOP/s"));
    results.add(scalar("bytes_per_step", published.cost().bytes(), "B"));
    results.add(scalar("flops_per_step", published.cost().flops(), "FLOP"));
    results.add(scalar("launches_per_step", published.cost().launches(), "ops"));
    results.add(scalar("alloc_bytes_per_step", allocated, "B"));
    return results;
  }

  /** Steps per second, from what JMH measured: a rate, or the mean time of a step. */
  private static double stepsPerSecond(BenchmarkParams benchmark, IterationResult result) {
    double score = result.getPrimaryResult().getScore();
    double seconds = benchmark.getTimeUnit().toNanos(1) / 1e9;
    return benchmark.getMode() == Mode.Throughput ? score / seconds : 1 / (score * seconds);
  }

  private static ScalarResult scalar(String name, double value, String unit) {
    return new ScalarResult(name, value, unit, AggregationPolicy.AVG);
  }
}
