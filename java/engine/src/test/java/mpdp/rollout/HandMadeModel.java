package mpdp.rollout;

import java.util.Arrays;
import mpdp.backend.op.MlpShape;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.NetworkSizes;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * Ensembles with dynamics that are known exactly. With silu(z) = z sigmoid(z), a pair of hidden
 * units gives silu(z) - silu(-z) = z and silu(z) + silu(-z) = z tanh(z / 2) = bowl(z), so one
 * hidden layer holds linear state changes and bowl-shaped rewards without error. Members that are
 * no elites have NaN for weights: whoever asks them learns nothing.
 */
public final class HandMadeModel {
  public static final int MEMBERS = 4;
  public static final int[] ELITES = {3, 1};

  private final int states;
  private final int actions;
  private final int outputs;
  private final int units;
  private final float[] hidden;
  private final float[] output;
  private int used;

  /**
   * @param terms linear forms of (state, action) that outputs can use
   */
  public HandMadeModel(int states, int actions, int terms) {
    this.states = states;
    this.actions = actions;
    this.outputs = 2 * (states + 1);
    this.units = 2 * terms;
    this.hidden = new float[(states + actions) * units];
    this.output = new float[units * outputs];
  }

  /** z tanh(z / 2), a bowl around 0. */
  public static double bowl(double z) {
    return z * Math.tanh(z / 2);
  }

  /** A linear form of (state, action), to be used by the next calls. */
  public HandMadeModel of(double... weights) {
    for (int i = 0; i < weights.length; i++) {
      hidden[i * units + used] = (float) weights[i];
      hidden[i * units + used + 1] = (float) -weights[i];
    }
    used += 2;
    return this;
  }

  /** Adds factor x form to a state's change, or to the reward (dimension states). */
  public HandMadeModel change(int dimension, double factor) {
    output[(used - 2) * outputs + dimension] += (float) factor;
    output[(used - 1) * outputs + dimension] -= (float) factor;
    return this;
  }

  /** Adds factor x bowl(form) to the reward. */
  public HandMadeModel reward(double factor) {
    output[(used - 2) * outputs + states] += (float) factor;
    output[(used - 1) * outputs + states] += (float) factor;
    return this;
  }

  /** The ensemble; all elites are equal, with a standard deviation of {@code noise}. */
  public DynamicsEnsemble build(TensorArena arena, double noise) {
    DynamicsEnsemble model =
        new DynamicsEnsemble(
            arena, states, actions, new NetworkSizes(MEMBERS, 1, units, false), ELITES.length);
    MlpShape shape = model.network().shape();
    Buffer parameters = model.network().parameters();
    float[] values = new float[Math.toIntExact(shape.parameterWords())];
    Arrays.fill(values, Float.NaN);
    float[] bias = new float[outputs];
    Arrays.fill(bias, states + 1, outputs, (float) (2 * Math.log(noise)));
    for (int member : ELITES) {
      put(hidden, values, shape.weights(0), member);
      put(new float[units], values, shape.bias(0), member);
      put(output, values, shape.weights(1), member);
      put(bias, values, shape.bias(1), member);
    }
    parameters.write(values);
    float[] bounds = new float[2 * (states + 1)];
    Arrays.fill(bounds, 0, states + 1, 10);
    Arrays.fill(bounds, states + 1, bounds.length, -40);
    model.bounds().write(bounds);
    model.elites().write(ELITES);
    return model;
  }

  private static void put(float[] block, float[] values, long at, int member) {
    System.arraycopy(block, 0, values, Math.toIntExact(at) + member * block.length, block.length);
  }
}
