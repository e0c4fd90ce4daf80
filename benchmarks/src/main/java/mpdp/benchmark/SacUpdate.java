package mpdp.benchmark;

import java.util.List;
import mpdp.benchmark.harness.AgentBenchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * One SAC update on a batch of 256 real transitions: twin critics and their targets, policy and
 * temperature, 2 hidden layers each. Unit: updates.
 */
public class SacUpdate extends AgentBenchmark {
  /** Hidden width of critics and policy. */
  @Param({"256", "512"})
  public int width = 256;

  @Override
  protected String label() {
    return "sac update";
  }

  @Override
  protected List<String> sets() {
    return List.of(
        "agent.sac-updates=1",
        "plan.policies=shared",
        "plan.horizon=1",
        "agent.critic-width=" + width,
        "agent.policy-width=" + width);
  }
}
