package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.TailValue;
import mpdp.nn.CriticNetwork;
import mpdp.nn.CriticPass;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.PolicyPass;
import mpdp.nn.Scratch;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Where rollouts end: the soft value V of each start state's last state, evaluated with a fresh
 * action of pi_0 and the smallest critic (decisions 1, 2 and 6). With the start states themselves
 * as tails and weight 1 this is SAC's actor loss.
 */
public final class RolloutTail {
  private final int rows;
  private final int criticCount;
  private final Buffer alpha;
  private final Buffer state;
  private final @Nullable Buffer weight;
  private final Buffer length;
  private final Buffer objective;
  private final Buffer value;
  private final Buffer logProbGradient;
  private final Buffer actionGradient;
  private final Buffer stateGradient;
  private final PolicyPass policy;
  private final CriticPass critics;

  /**
   * @param state (rows, states): tails are written here, or SAC's batch
   * @param weighted whether rollouts give each tail its discount; false: weight 1
   * @param alpha the temperature, 1 word
   * @param site draw site of the fresh action
   */
  public RolloutTail(
      TensorArena arena,
      int rows,
      Buffer state,
      boolean weighted,
      PolicyNetwork policies,
      CriticNetwork critics,
      Buffer alpha,
      int site) {
    this.rows = rows;
    this.criticCount = critics.shape().members();
    this.alpha = alpha;
    this.state = state;
    this.weight = weighted ? arena.allocate(rows) : null;
    this.length = arena.allocate(rows);
    this.objective = arena.allocate(rows);
    this.value = arena.allocate(rows);
    this.logProbGradient = arena.allocate(rows);
    this.actionGradient = arena.allocate((long) rows * critics.actions());
    this.stateGradient = arena.allocate((long) rows * critics.states());
    this.policy = PolicyPass.differentiable(arena, policies, 0, rows, site);
    this.critics = CriticPass.differentiable(arena, critics, rows);
  }

  Buffer alpha() {
    return alpha;
  }

  public Buffer state() {
    return state;
  }

  public Buffer weight() {
    if (weight == null) {
      throw new IllegalStateException("an unweighted tail ends no rollouts");
    }
    return weight;
  }

  /** Steps taken from each start state (rows). */
  public Buffer length() {
    return length;
  }

  /** J of each start state (rows); to be zeroed before the forward passes. */
  public Buffer objective() {
    return objective;
  }

  /** V of each tail state (rows). */
  public Buffer value() {
    return value;
  }

  /** Log-probability of the fresh actions (rows). */
  public Buffer logProb() {
    return policy.logProb();
  }

  /** Gradient of the tail states (rows, states), after {@link #backward}. */
  public Buffer stateGradient() {
    return stateGradient;
  }

  /** Evaluates V, adds it to the objective and prepares the gradient. */
  public void forward(Recorder recorder, Buffer random) {
    policy.forward(recorder, state, random, null);
    critics.forward(recorder, state, policy.action(), null);
    recorder.add(
        new TailValue(
            rows,
            criticCount,
            critics.values(),
            policy.logProb(),
            alpha,
            weight,
            value,
            objective,
            critics.valuesGradient(),
            logProbGradient));
  }

  /**
   * Backpropagates V to the tail states and, when {@code parameters} is given, to pi_0's parameters
   * through its fresh action.
   *
   * @param states whether the tail states' gradient is wanted
   */
  public void backward(
      Recorder recorder, Scratch scratch, boolean states, @Nullable Buffer parameters) {
    critics.backwardToInputs(recorder, scratch, states ? stateGradient : null, actionGradient);
    policy.backward(
        recorder,
        state,
        actionGradient,
        logProbGradient,
        null,
        scratch,
        parameters,
        false,
        states ? stateGradient : null);
  }

  /** Visits what the next update reads. */
  public void visit(StateVisitor visitor) {
    visitor.floats("objective", objective);
    visitor.floats("length", length);
  }
}
