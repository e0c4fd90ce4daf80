package mpdp.benchmark;

import java.util.concurrent.TimeUnit;
import mpdp.backend.Backend;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.benchmark.harness.Comparison;
import mpdp.benchmark.harness.PlanSubject;
import mpdp.benchmark.harness.ProgramBenchmark;
import mpdp.benchmark.harness.Shape;
import mpdp.benchmark.harness.Subject;
import mpdp.plan.CrossEntropy;
import mpdp.plan.GradientAscent;
import mpdp.plan.PathIntegral;
import mpdp.plan.Search;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

/**
 * One whole plan with the default settings of its search, from one observation to one action;
 * cem-large is CEM on what fills a large GPU. Every plan is timed, so that JMH's result has
 * percentiles. Unit: actions.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class Plan extends ProgramBenchmark {
  /** Sizes of the task. */
  @Param({"halfcheetah", "hopper", "ant", "humanoid"})
  public String shape = "halfcheetah";

  /** How the planner searches. */
  @Param({"cem", "mppi", "gradient", "cem-large"})
  public String search = "mppi";

  /** Products of the model's predictions. */
  @Param({"fp32", "bf16"})
  public String precision = "fp32";

  /** 400 sequences of 30 steps, 20 particles, 5 iterations. */
  private static final Search LARGE = new CrossEntropy(400, 30, 5, 20, 0.1, 0.1, 0.5, 0.05, false);

  private Search search() {
    return search.equals("cem-large") ? LARGE : Search.named(search);
  }

  @Override
  protected Subject subject(Backend backend) {
    return new PlanSubject(backend, Shape.of(shape), search(), named(precision));
  }

  /** A small search of the same kind: the usual ones take the reference back end minutes. */
  private Search small() {
    return switch (search()) {
      case CrossEntropy cem -> new CrossEntropy(40, 5, 1, 4, 0.1, 0.1, 0.5, 0.05, false);
      case PathIntegral mppi -> new PathIntegral(64, 3, 1, 1, 8, 8, 0.5, 0, 2, 0.05);
      case GradientAscent ascent -> new GradientAscent(4, 5, 2, 0.1, 0.5);
    };
  }

  @Override
  protected void verify(Subject actual, Backend backend) {
    try (Backend reference = new ReferenceBackend(backend.floatProducts());
        Subject oracle = new PlanSubject(reference, Shape.of(shape), small(), named(precision));
        Subject plan = new PlanSubject(backend, Shape.of(shape), small(), named(precision))) {
      oracle.program().run();
      plan.program().run();
      Comparison.check(oracle.program(), plan.program());
    }
  }
}
