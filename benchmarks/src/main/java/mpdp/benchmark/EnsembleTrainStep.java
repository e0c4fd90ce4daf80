package mpdp.benchmark;

import mpdp.backend.Backend;
import mpdp.benchmark.harness.AgentSubject;
import mpdp.benchmark.harness.ProgramBenchmark;
import mpdp.benchmark.harness.Shape;
import mpdp.benchmark.harness.Subject;
import org.openjdk.jmh.annotations.Param;

/**
 * One training step of the dynamics ensemble, as {@code ModelTrainer} records it: 7 members of 4
 * hidden layers with SiLU, a bootstrap batch of 256 for each, Gaussian likelihood with softly
 * clamped log-variance, weight decay, Adam. Unit: steps.
 */
public class EnsembleTrainStep extends ProgramBenchmark {
  /** Sizes of the task. */
  @Param({"halfcheetah", "hopper", "ant", "humanoid"})
  public String shape = "halfcheetah";

  @Override
  protected Subject subject(Backend backend) {
    return new AgentSubject(backend, Shape.of(shape), "model step");
  }
}
