package mpdp.benchmark.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.IterationResultMetaData;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.SampleTimeResult;
import org.openjdk.jmh.results.ThroughputResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.SampleBuffer;

/** What JMH hands over after a run of {@code SacUpdate}, without the run. */
public final class MadeUpResult {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private MadeUpResult() {}

  /** One iteration for each number of steps that it did in a second, tallied as benchmarks are. */
  public static RunResult ofRates(
      Cost cost, double units, double peak, double bound, long... stepsPerSecond) {
    Tally.publish(cost, units);
    Tally.peak(peak);
    Tally.bound(bound);
    Tally.allocated(0);
    BenchmarkParams params = params(Mode.Throughput, TimeUnit.SECONDS);
    List<Result<?>> primary = new ArrayList<>();
    for (long steps : stepsPerSecond) {
      primary.add(new ThroughputResult(ResultRole.PRIMARY, "run", steps, SECOND, TimeUnit.SECONDS));
    }
    return run(params, primary);
  }

  /** One iteration in which steps took so many milliseconds. */
  public static RunResult ofTimes(double units, long... millis) {
    Tally.publish(new Cost(1, 1, 1), units);
    SampleBuffer samples = new SampleBuffer();
    for (long time : millis) {
      samples.add(TimeUnit.MILLISECONDS.toNanos(time));
    }
    BenchmarkParams params = params(Mode.SampleTime, TimeUnit.MILLISECONDS);
    return run(
        params,
        List.of(new SampleTimeResult(ResultRole.PRIMARY, "run", samples, TimeUnit.MILLISECONDS)));
  }

  private static RunResult run(BenchmarkParams params, List<Result<?>> primary) {
    IterationParams iteration = params.getMeasurement();
    List<IterationResult> iterations = new ArrayList<>();
    for (Result<?> one : primary) {
      IterationResult result =
          new IterationResult(params, iteration, new IterationResultMetaData(1, 1));
      result.addResult(one);
      new Tally().afterIteration(params, iteration, result).forEach(result::addResult);
      iterations.add(result);
    }
    return new RunResult(params, List.of(new BenchmarkResult(params, iterations)));
  }

  private static BenchmarkParams params(Mode mode, TimeUnit unit) {
    WorkloadParams parameters = new WorkloadParams();
    Map.of("backend", "cpu", "threads", "2").forEach((k, v) -> parameters.put(k, v, 0));
    TimeValue time = TimeValue.seconds(1);
    return new BenchmarkParams(
        "mpdp.benchmark.SacUpdate.run",
        "generated",
        false,
        1,
        new int[] {1},
        List.of(),
        1,
        0,
        new IterationParams(IterationType.WARMUP, 1, time, 1),
        new IterationParams(IterationType.MEASUREMENT, 1, time, 1),
        mode,
        parameters,
        unit,
        1,
        "java",
        List.of(),
        "25",
        "vm",
        "25",
        "1.37",
        time);
  }
}
