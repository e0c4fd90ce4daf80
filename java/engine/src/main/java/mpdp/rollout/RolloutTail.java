package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.nn.CriticNetwork;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.Scratch;
import mpdp.nn.SoftValue;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Where rollouts end: the soft value V of each start state's last state, weighted by g^H, or by 0
 * after a terminal state (decisions 1, 2 and 6).
 */
public final class RolloutTail {
  private final Buffer alpha;
  private final RolloutEnds ends;
  private final SoftValue value;

  /**
   * @param state (rows, states): tails are written here
   * @param alpha the temperature, 1 word
   * @param site draw site of the fresh action
   */
  public RolloutTail(
      TensorArena arena,
      int rows,
      Buffer state,
      PolicyNetwork policies,
      CriticNetwork critics,
      Buffer alpha,
      int site) {
    this.alpha = alpha;
    this.ends = RolloutEnds.in(arena, rows, state);
    this.value = new SoftValue(arena, rows, state, ends.weight(), policies, critics, alpha, site);
  }

  Buffer alpha() {
    return alpha;
  }

  /** Where rollouts leave their last states, discounts and lengths. */
  public RolloutEnds ends() {
    return ends;
  }

  /** Steps taken from each start state (rows). */
  public Buffer length() {
    return ends.length();
  }

  /** J of each start state (rows); to be zeroed before the forward passes. */
  public Buffer objective() {
    return value.objective();
  }

  /** V of each tail state (rows). */
  public Buffer value() {
    return value.value();
  }

  /** Gradient of the tail states (rows, states), after {@link #backward}. */
  public Buffer stateGradient() {
    return value.stateGradient();
  }

  /** Evaluates V, adds it to the objective and prepares the gradient. */
  public void forward(Recorder recorder, Buffer random) {
    value.forward(recorder, random);
  }

  /**
   * Backpropagates V to the tail states and, when {@code parameters} is given, to pi_0's parameters
   * through its fresh action.
   */
  public void backward(Recorder recorder, Scratch scratch, @Nullable Buffer parameters) {
    value.backward(recorder, scratch, true, parameters);
  }
}
