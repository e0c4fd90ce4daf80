package mpdp.benchmark;

import mpdp.benchmark.harness.AgentBenchmark;

/**
 * One training step of the dynamics ensemble, as {@code ModelTrainer} records it: 7 members of 4
 * hidden layers with SiLU, a bootstrap batch of 256 for each, Gaussian likelihood with softly
 * clamped log-variance, weight decay, Adam. Unit: steps.
 */
public class EnsembleTrainStep extends AgentBenchmark {
  @Override
  protected String label() {
    return "model step";
  }
}
