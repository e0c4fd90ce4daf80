package mpdp.agent;

import mpdp.model.DynamicsEnsemble;
import mpdp.model.Normalizer;
import mpdp.settings.Settings;
import mpdp.tensor.TensorArena;

/** How critics see states and actions. */
final class Inputs {
  private Inputs() {}

  /** The model's standardisation when observations are normalised, else the identity. */
  static Normalizer of(TensorArena arena, Settings settings, DynamicsEnsemble model) {
    return settings.agent().normalizeObservations()
        ? model.normalizer()
        : Normalizer.identity(arena, model.states(), model.actions());
  }
}
