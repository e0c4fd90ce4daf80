package mpdp.nn;

import mpdp.backend.Recorder;
import mpdp.backend.op.TailValue;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * The soft value V(s) = min_j Q_j(s, a) - alpha log pi(a|s) of a batch of states, a fresh from
 * pi_0, and the way back to the states and to pi_0. Of the states of a replay batch it is SAC's
 * actor objective.
 */
public final class SoftValue {
  private final int rows;
  private final int criticCount;
  private final Buffer state;
  private final @Nullable Buffer weight;
  private final Buffer alpha;
  private final Buffer objective;
  private final Buffer value;
  private final Buffer logProbGradient;
  private final Buffer actionGradient;
  private final Buffer stateGradient;
  private final PolicyPass policy;
  private final CriticPass critics;

  /**
   * @param state (rows, states): the states to value
   * @param weight (rows): what each value counts in the objective, or null: 1
   * @param alpha the temperature, 1 word
   * @param site draw site of the fresh action
   */
  public SoftValue(
      TensorArena arena,
      int rows,
      Buffer state,
      @Nullable Buffer weight,
      PolicyNetwork policies,
      CriticNetwork critics,
      Buffer alpha,
      int site) {
    this.rows = rows;
    this.criticCount = critics.shape().members();
    this.state = state;
    this.weight = weight;
    this.alpha = alpha;
    this.objective = arena.allocate(rows);
    this.value = arena.allocate(rows);
    this.logProbGradient = arena.allocate(rows);
    this.actionGradient = arena.allocate((long) rows * critics.actions());
    this.stateGradient = arena.allocate((long) rows * critics.states());
    this.policy = PolicyPass.differentiable(arena, policies, 0, rows, site);
    this.critics = CriticPass.differentiable(arena, critics, rows);
  }

  /** J of each row (rows): {@link #forward} adds to it, so it is to be zeroed before. */
  public Buffer objective() {
    return objective;
  }

  /** V of each state (rows). */
  public Buffer value() {
    return value;
  }

  /** Log-probability of the fresh actions (rows). */
  public Buffer logProb() {
    return policy.logProb();
  }

  /** Gradient of the states (rows, states), after {@link #backward}. */
  public Buffer stateGradient() {
    return stateGradient;
  }

  /** Evaluates V, adds it to the objective and prepares the gradient. */
  public void forward(Recorder recorder, Buffer random) {
    policy.forward(recorder, state, random);
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
   * Backpropagates -mean V to the states and, when {@code parameters} is given, to pi_0's
   * parameters through its fresh action; the critics stay as they are.
   *
   * @param states whether the states' gradient is wanted
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
}
