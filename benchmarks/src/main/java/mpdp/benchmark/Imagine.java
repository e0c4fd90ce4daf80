package mpdp.benchmark;

import mpdp.backend.Backend;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.benchmark.harness.Comparison;
import mpdp.benchmark.harness.ImaginationSubject;
import mpdp.benchmark.harness.ProgramBenchmark;
import mpdp.benchmark.harness.Shape;
import mpdp.benchmark.harness.Subject;
import org.openjdk.jmh.annotations.Param;

/**
 * Particles imagined through the ensemble: a policy of 2 x 256 acts, a random elite of 7 members of
 * 4 hidden layers answers, and only that member is computed. Unit: model transitions.
 */
public class Imagine extends ProgramBenchmark {
  /** Particles that the reference back end computes too; draws do not depend on their number. */
  private static final int CHECKED = 500;

  /** Sizes of the task. */
  @Param({"halfcheetah", "hopper", "ant", "humanoid"})
  public String shape = "halfcheetah";

  /** Particles N. */
  @Param({"1000", "10000", "100000"})
  public int particles = 1000;

  /** Steps H. */
  @Param({"1", "5"})
  public int horizon = 1;

  /** Products of the model's predictions. */
  @Param({"fp32", "bf16"})
  public String precision = "fp32";

  @Override
  protected ImaginationSubject subject(Backend backend) {
    return new ImaginationSubject(backend, Shape.of(shape), particles, horizon, named(precision));
  }

  @Override
  protected double units() {
    return (double) particles * horizon;
  }

  /** Particles are independent: the first ones must go where they go without the others. */
  @Override
  protected void verify(Subject actual, Backend backend) {
    int checked = Math.min(CHECKED, particles);
    try (Backend reference = new ReferenceBackend(backend.floatProducts());
        ImaginationSubject oracle =
            new ImaginationSubject(
                reference, Shape.of(shape), checked, horizon, named(precision))) {
      oracle.program().run();
      float[][] expected = oracle.outcome(checked);
      float[][] outcome = ((ImaginationSubject) actual).outcome(checked);
      Comparison.check("state", expected[0], outcome[0]);
      Comparison.check("reward", expected[1], outcome[1]);
    }
  }
}
