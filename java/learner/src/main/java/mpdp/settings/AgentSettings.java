package mpdp.settings;

import mpdp.nn.NetworkSizes;

/** The {@code [agent]} table: critics, policies and temperature. */
public record AgentSettings(
    @Setting(initial = "256", range = "[1, 1000000]", doc = "States in one update.") int batch,
    @Setting(initial = "0.99", range = "[0, 1)", doc = "Discount g of a future reward.")
        double discount,
    @Setting(
            initial = "0.005",
            range = "(0, 1]",
            doc = "Share of the critics that moves into their targets at each update.")
        double targetRate,
    @Setting(initial = "3e-4", range = "(0, 1]", doc = "Adam step size of the critics.")
        double criticLearningRate,
    @Setting(initial = "3e-4", range = "(0, 1]", doc = "Adam step size of the plan policies.")
        double policyLearningRate,
    @Setting(initial = "2", range = "[1, 64]", doc = "Critics; targets take the least of them.")
        int critics,
    @Setting(
            initial = "0",
            range = "[0, 1000]",
            doc = "SAC updates (plans of one step, no model) before each update through the model.")
        int sacUpdates,
    @Setting(initial = "256", range = "[1, 16384]", doc = "Units in a hidden layer of a critic.")
        int criticWidth,
    @Setting(initial = "2", range = "[1, 16]", doc = "Hidden layers of a critic.") int criticLayers,
    @Setting(initial = "false", doc = "LayerNorm after each hidden layer of a critic.")
        boolean criticNorm,
    @Setting(initial = "256", range = "[1, 16384]", doc = "Units in a hidden layer of a policy.")
        int policyWidth,
    @Setting(initial = "2", range = "[1, 16]", doc = "Hidden layers of a policy.") int policyLayers,
    @Setting(
            initial = "0.2",
            range = "[0, 1000]",
            doc = "Temperature alpha, or its first value where it is learned.")
        double alpha,
    @Setting(initial = "false", doc = "Learn alpha so that the entropy meets its target.")
        boolean alphaLearned,
    @Setting(initial = "3e-4", range = "(0, 1]", doc = "Adam step size of log alpha.")
        double alphaLearningRate,
    @Setting(
            initial = "nan",
            range = "[-10000, 10000]",
            doc = "Entropy that a learned alpha aims at; nan takes minus the action's size.")
        double targetEntropy,
    @Setting(
            initial = "100",
            range = "(0, inf]",
            doc = "Largest global norm of a gradient of policies or critics; inf never clips.")
        double gradientClip,
    @Setting(initial = "false", doc = "Standardise what critics and policies see.")
        boolean normalizeObservations) {
  /** How large {@code policies} plan policies are. */
  public NetworkSizes policySizes(int policies) {
    return new NetworkSizes(policies, policyLayers, policyWidth, false);
  }

  /** How large the critics are. */
  public NetworkSizes criticSizes() {
    return new NetworkSizes(critics, criticLayers, criticWidth, criticNorm);
  }
}
