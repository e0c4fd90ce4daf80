package mpdp.benchmark;

import java.util.ArrayList;
import java.util.List;
import mpdp.benchmark.harness.AgentBenchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * MPDP's joint update from 256 states: differentiable plans of H steps through the ensemble, the
 * critics, the temperature. No plan ends early. Without the uncertainty one elite computes a row,
 * with it all members do. Unit: updates.
 */
public class PolicyImprovement extends AgentBenchmark {
  /** Steps H of a plan. */
  @Param({"1", "3", "5", "12"})
  public int horizon = 1;

  /** Whether plans have an uncertainty, with the paper's penalty on it. */
  @Param({"true", "false"})
  public String uncertainty = "true";

  /** Products of the model's predictions. */
  @Param({"fp32", "bf16"})
  public String precision = "fp32";

  @Override
  protected String label() {
    return "update";
  }

  @Override
  protected List<String> sets() {
    List<String> sets = new ArrayList<>();
    sets.add("plan.uncertainty-threshold=inf");
    sets.add("plan.horizon=" + horizon);
    sets.add("plan.precision=" + precision);
    if (!Boolean.parseBoolean(uncertainty)) {
      sets.add("plan.uncertainty=false");
      sets.add("plan.penalty=0");
    }
    return sets;
  }
}
