package mpdp.nn;

import mpdp.backend.op.MlpShape;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Plan policies: member h of the ensemble is pi_h; all members look at the state through the same
 * standardisation.
 *
 * @param network maps a state to mean and log-std (2 x actions)
 * @param stateMean (states) or null: raw states
 * @param stateInvStd (states) or null
 */
public record PolicyNetwork(
    EnsembleMlp network,
    int states,
    int actions,
    @Nullable Buffer stateMean,
    @Nullable Buffer stateInvStd) {

  /**
   * Policies whose parameters are zero until they are drawn or restored.
   *
   * @param sizes one member for every step of a plan, or a single one
   * @param normalizer standardises the states, or null: the networks see them as they are
   */
  public static PolicyNetwork create(
      TensorArena arena,
      NetworkSizes sizes,
      int states,
      int actions,
      @Nullable Normalizer normalizer) {
    MlpShape shape = sizes.shape(states, 2 * actions, MlpShape.Activation.RELU);
    return new PolicyNetwork(
        new EnsembleMlp(arena, shape, 0),
        states,
        actions,
        normalizer == null ? null : normalizer.inputMean().slice(0, states),
        normalizer == null ? null : normalizer.inputInvStd().slice(0, states));
  }
}
