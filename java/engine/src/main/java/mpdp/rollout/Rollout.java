package mpdp.rollout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mpdp.backend.Recorder;
import mpdp.backend.op.Fill;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.PolicyPass;
import mpdp.nn.Scratch;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Differentiable H-step rollouts of the plan policies through the ensemble, with the adaptive
 * horizon and the uncertainty penalty: the objective of extended policy improvement,
 *
 * <pre>J(s) = E[ sum_{i &lt; T} g^i (r_i - alpha log pi_i(a_i|s_i) - beta penalty_i) + g^T V(s_T) ]
 * </pre>
 *
 * where T is the first step with u >= u_T, a terminal state or Hmax. Without the uncertainty only
 * the last two end a rollout, and only the elite that answers is computed. {@link #backward} leaves
 * the gradient of -mean J in the policies' gradient vector.
 */
public final class Rollout {
  /** Draw sites that one step takes: the action, and the model's. */
  private static final int SITES = 1 + ModelStep.SITES;

  private final RolloutOptions options;
  private final PolicyNetwork policies;
  private final RolloutTail tail;
  private final List<RolloutStep> steps = new ArrayList<>();
  private final List<Buffer> states = new ArrayList<>();
  private final Buffer[] stateGradients = new Buffer[2];
  private final Prediction.Work work;
  private final int site;

  /**
   * @param start (rows, states): the start states
   * @param site first of {@code 3 x horizon} draw sites
   */
  public Rollout(
      TensorArena arena,
      RolloutOptions options,
      DynamicsEnsemble model,
      TerminationBounds termination,
      PolicyNetwork policies,
      RolloutTail tail,
      Buffer start,
      Scratch scratch,
      int site) {
    this.options = options;
    this.policies = policies;
    this.tail = tail;
    this.site = site;
    this.work = Prediction.Work.of(arena, options.rows(), model, scratch);
    long words = (long) options.rows() * model.states();
    states.add(start);
    RolloutRows rows = RolloutRows.all(options.rows());
    for (int h = 0; h < options.horizon(); h++) {
      PolicyPass policy =
          PolicyPass.differentiable(
              arena, policies, options.policy(h), options.rows(), site + SITES * h);
      RolloutStep step =
          new RolloutStep(arena, options, model, termination, h, rows, states.get(h), policy);
      steps.add(step);
      states.add(arena.allocate(words));
      rows = step.nextRows;
    }
    stateGradients[0] = arena.allocate(words);
    stateGradients[1] = arena.allocate(words);
  }

  /** Rolls out, ends in the tail values, fills the objective. */
  public void forward(Recorder recorder, Buffer random) {
    recorder.add(new Fill(options.rows(), 0, tail.objective()));
    for (int h = 0; h < options.horizon(); h++) {
      steps.get(h).forward(recorder, tail, states.get(h + 1), random, site + SITES * h + 1);
    }
    tail.forward(recorder, random);
  }

  /**
   * Overwrites the policies' gradients with those of -mean J.
   *
   * @param tailPolicyGradient let the tail's fresh action train pi_0 too (then V is not a constant
   *     function of the state as in the paper)
   */
  public void backward(Recorder recorder, boolean tailPolicyGradient) {
    Buffer gradients = policies.network().gradients();
    tail.backward(recorder, work.scratch(), tailPolicyGradient ? gradients : null);
    boolean[] written = new boolean[policies.network().shape().members()];
    written[0] = tailPolicyGradient;
    Buffer nextGradient = null;
    for (int h = options.horizon() - 1; h >= 0; h--) {
      Buffer stateGradient = stateGradients[h % 2];
      int member = options.policy(h);
      steps
          .get(h)
          .backward(
              recorder,
              tail,
              nextGradient,
              work,
              stateGradient,
              h == 0,
              gradients,
              written[member]);
      written[member] = true;
      nextGradient = stateGradient;
    }
  }

  /** Marks every rollout as stopped at once: what a fresh run starts from. */
  public void forgetChildren() {
    int[] none = new int[options.rows()];
    Arrays.fill(none, -1);
    child(0).write(none);
  }

  public int horizon() {
    return options.horizon();
  }

  /** Start states of step h (rows, states); those present are counted by {@link #count}. */
  public Buffer state(int h) {
    return steps.get(h).state;
  }

  /** Actions of step h (rows, actions). */
  public Buffer action(int h) {
    return steps.get(h).policy.action();
  }

  /** Log-probabilities of step h (rows). */
  public Buffer logProb(int h) {
    return steps.get(h).policy.logProb();
  }

  /** Rewards of step h (rows). */
  public Buffer reward(int h) {
    return steps.get(h).prediction.reward();
  }

  /** Next states of step h (rows, states). */
  public Buffer next(int h) {
    return steps.get(h).prediction.next();
  }

  /** Whether step h ended in a terminal state (rows). */
  public Buffer done(int h) {
    return steps.get(h).done;
  }

  /** Place of each row in step h + 1, or -1 (rows). */
  public Buffer child(int h) {
    return steps.get(h).child;
  }

  /** Uncertainty u of step h (rows), or null where plans have none. */
  public @Nullable Buffer uncertainty(int h) {
    Prediction.Uncertainty uncertainty = steps.get(h).prediction.uncertainty();
    return uncertainty == null ? null : uncertainty.value();
  }

  /** Rows present at step h, or null for all. */
  public @Nullable Buffer count(int h) {
    return steps.get(h).rows.count();
  }

  /** Start state of each row of step h, or null for the identity. */
  public @Nullable Buffer root(int h) {
    return steps.get(h).rows.root();
  }
}
