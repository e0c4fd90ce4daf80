package mpdp.agent;

import mpdp.backend.op.MlpShape;
import mpdp.model.Normalizer;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.PolicyNetwork;
import mpdp.settings.Algorithm;
import mpdp.settings.PlanPolicies;
import mpdp.settings.Settings;
import mpdp.tensor.TensorArena;

/** Builds the plan policies that the settings describe. */
final class Policies {
  private Policies() {}

  /** Whether policies are improved through the model. */
  static boolean plans(Settings settings) {
    return settings.train().algorithm() == Algorithm.MPDP;
  }

  /** Uninitialised policies: one for every step of the plan, or a single one. */
  static PolicyNetwork create(
      TensorArena arena, Settings settings, int states, int actions, Normalizer normalizer) {
    boolean separate = plans(settings) && settings.plan().policies() == PlanPolicies.SEPARATE;
    MlpShape shape =
        new MlpShape(
            separate ? settings.plan().horizon() : 1,
            states,
            settings.agent().policyWidth(),
            settings.agent().policyLayers(),
            2 * actions,
            MlpShape.Activation.RELU,
            false);
    boolean standardised = settings.agent().normalizeObservations();
    return new PolicyNetwork(
        new EnsembleMlp(arena, shape, 0),
        states,
        actions,
        standardised ? normalizer.inputMean().slice(0, states) : null,
        standardised ? normalizer.inputInverse().slice(0, states) : null);
  }
}
