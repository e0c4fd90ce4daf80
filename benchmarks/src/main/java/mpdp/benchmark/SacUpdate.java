package mpdp.benchmark;

import mpdp.backend.Backend;
import mpdp.benchmark.harness.AgentSubject;
import mpdp.benchmark.harness.ProgramBenchmark;
import mpdp.benchmark.harness.Shape;
import mpdp.benchmark.harness.Subject;
import org.openjdk.jmh.annotations.Param;

/**
 * One SAC update on a batch of 256 real transitions: twin critics and their targets, policy and
 * temperature, 2 hidden layers each. Unit: updates.
 */
public class SacUpdate extends ProgramBenchmark {
  /** Sizes of the task. */
  @Param({"halfcheetah", "hopper", "ant", "humanoid"})
  public String shape = "halfcheetah";

  /** Hidden width of critics and policy. */
  @Param({"256", "512"})
  public int width = 256;

  @Override
  protected Subject subject(Backend backend) {
    return new AgentSubject(
        backend,
        Shape.of(shape),
        "sac update",
        "train.algorithm=sac",
        "agent.critic-width=" + width,
        "agent.policy-width=" + width);
  }
}
