package mpdp.nn;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Plan policies: member h of the ensemble is pi_h; all members look at the state through the same
 * standardisation.
 *
 * @param network maps a state to mean and log-std (2 x actions)
 * @param stateMean (states) or null: raw states
 * @param stateInverse (states) or null
 */
public record PolicyNetwork(
    EnsembleMlp network,
    int states,
    int actions,
    @Nullable Buffer stateMean,
    @Nullable Buffer stateInverse) {}
