package mpdp.benchmark.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Pattern;
import mpdp.MpdpException;
import mpdp.app.Benchmarks.Request;
import mpdp.backend.Backends;
import mpdp.benchmark.harness.ProgramBenchmark;
import mpdp.benchmark.harness.Tally;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** One variant in JMH. */
final class OneRun {
  private OneRun() {}

  /**
   * Runs it in a new JVM.
   *
   * @param verified whether an earlier run has compared its answer with the reference
   * @throws MpdpException with one line that says why, if it fails or its answer is wrong
   */
  static RunResult of(Variant variant, Request request, boolean verified) {
    String backend = variant.parameters().get("backend");
    if (backend != null) {
      Backends.open(backend, 1).close();
    }
    try {
      Path log = Files.createTempFile("mpdp-bench", ".log");
      try {
        return run(variant, request, verified, log);
      } finally {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new MpdpException("cannot keep a log of the benchmark: " + e.getMessage(), e);
    }
  }

  private static RunResult run(Variant variant, Request request, boolean verified, Path log)
      throws IOException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(variant.benchmark()) + "$")
            .shouldFailOnError(true)
            .addProfiler(GCProfiler.class)
            .addProfiler(Tally.class)
            .output(log.toString());
    variant.parameters().forEach(options::param);
    if (verified) {
      options.jvmArgsAppend("-D" + ProgramBenchmark.VERIFIED_PROPERTY + "=true");
    }
    if (request.iterations() > 0) {
      options.measurementIterations(request.iterations());
    }
    if (request.millis() > 0) {
      TimeValue time = TimeValue.milliseconds(request.millis());
      options.warmupIterations(1).warmupTime(time).measurementTime(time);
    }
    try {
      Collection<RunResult> results = new Runner(options.build()).run();
      if (results.size() == 1) {
        return results.iterator().next();
      }
      throw new MpdpException(failure(variant, log));
    } catch (RunnerException e) {
      throw new MpdpException(failure(variant, log), e);
    }
  }

  /** One line from what JMH logged. */
  private static String failure(Variant variant, Path log) throws IOException {
    String why =
        Files.readAllLines(log).stream()
            .filter(line -> line.matches("[\\w.$]+(Error|Exception): .*"))
            .findFirst()
            .orElse("the JVM it ran in ended early");
    return variant.title() + " " + variant.settings() + " failed: " + why;
  }
}
