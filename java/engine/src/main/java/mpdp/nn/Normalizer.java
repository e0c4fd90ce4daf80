package mpdp.nn;

import java.util.Arrays;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * The means and scales that standardise the model's inputs (state, action) and, as an option, its
 * outputs (state change, reward). Starts as the identity.
 *
 * @param inputMean (states + actions)
 * @param inputInvStd (states + actions), 1 / standard deviation
 * @param outputMean (states + 1)
 * @param outputScale (states + 1), standard deviation
 */
public record Normalizer(
    Buffer inputMean, Buffer inputInvStd, Buffer outputMean, Buffer outputScale) {

  /** An identity normaliser. */
  public static Normalizer identity(TensorArena arena, int states, int actions) {
    Normalizer normalizer =
        new Normalizer(
            arena.allocate(states + actions),
            arena.allocate(states + actions),
            arena.allocate(states + 1),
            arena.allocate(states + 1));
    float[] ones = new float[states + Math.max(actions, 1)];
    Arrays.fill(ones, 1);
    normalizer.inputInvStd.write(Arrays.copyOf(ones, states + actions));
    normalizer.outputScale.write(Arrays.copyOf(ones, states + 1));
    return normalizer;
  }

  /** Visits what training changes. */
  public void visit(StateVisitor visitor) {
    visitor.floats("input_mean", inputMean);
    visitor.floats("input_inverse", inputInvStd);
    visitor.floats("output_mean", outputMean);
    visitor.floats("output_scale", outputScale);
  }
}
