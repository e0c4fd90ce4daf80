package mpdp.nn;

import mpdp.backend.op.MlpShape;
import mpdp.tensor.Buffer;

/**
 * Soft Q-functions of (state, action), their inputs standardised by mean and inverse (identity
 * unless observations are normalised).
 *
 * @param shape an ensemble with one output
 * @param parameters of the critics or of their targets
 * @param inputMean (states + actions)
 * @param inputInverse (states + actions)
 */
public record CriticNetwork(
    MlpShape shape,
    Buffer parameters,
    int states,
    int actions,
    Buffer inputMean,
    Buffer inputInverse) {}
