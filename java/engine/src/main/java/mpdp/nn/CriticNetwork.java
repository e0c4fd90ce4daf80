package mpdp.nn;

import mpdp.backend.op.MlpShape;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Soft Q-functions of (state, action), their inputs standardised by mean and inverse (identity
 * unless observations are normalised).
 *
 * @param shape an ensemble with one output
 * @param parameters of the critics or of their targets
 * @param inputMean (states + actions)
 * @param inputInvStd (states + actions)
 */
public record CriticNetwork(
    MlpShape shape,
    Buffer parameters,
    int states,
    int actions,
    Buffer inputMean,
    Buffer inputInvStd) {

  /** The shape of critics of {@code sizes}. */
  public static MlpShape shape(NetworkSizes sizes, int states, int actions) {
    return sizes.shape(states + actions, 1, MlpShape.Activation.RELU);
  }

  /**
   * Critics whose parameters are zero until they are drawn or restored.
   *
   * @param normalizer standardises states and actions, or null: the networks see them as they are
   */
  public static CriticNetwork create(
      TensorArena arena,
      NetworkSizes sizes,
      int states,
      int actions,
      @Nullable Normalizer normalizer) {
    MlpShape shape = shape(sizes, states, actions);
    Normalizer inputs =
        normalizer == null ? Normalizer.identity(arena, states, actions) : normalizer;
    return new CriticNetwork(
        shape,
        arena.allocate(shape.parameterWords()),
        states,
        actions,
        inputs.inputMean(),
        inputs.inputInvStd());
  }

  /** The same critics with other parameters, such as their slowly following targets. */
  public CriticNetwork with(Buffer otherParameters) {
    return new CriticNetwork(shape, otherParameters, states, actions, inputMean, inputInvStd);
  }
}
