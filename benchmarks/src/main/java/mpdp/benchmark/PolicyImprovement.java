package mpdp.benchmark;

import mpdp.backend.Backend;
import mpdp.benchmark.harness.AgentSubject;
import mpdp.benchmark.harness.ProgramBenchmark;
import mpdp.benchmark.harness.Shape;
import mpdp.benchmark.harness.Subject;
import org.openjdk.jmh.annotations.Param;

/**
 * MPDP's joint update from 256 states: differentiable plans of H steps through the ensemble, the
 * critics, the temperature. No plan ends early. Unit: updates.
 */
public class PolicyImprovement extends ProgramBenchmark {
  /** Sizes of the task. */
  @Param({"halfcheetah", "hopper", "ant", "humanoid"})
  public String shape = "halfcheetah";

  /** Steps H of a plan. */
  @Param({"1", "3", "5", "12"})
  public int horizon = 1;

  @Override
  protected Subject subject(Backend backend) {
    return new AgentSubject(
        backend,
        Shape.of(shape),
        "update",
        "plan.uncertainty-threshold=inf",
        "plan.horizon=" + horizon);
  }
}
