package mpdp.rollout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mpdp.backend.Recorder;
import mpdp.backend.op.Fill;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.Scratch;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

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
  private final RolloutOptions options;
  private final PolicyNetwork policies;
  private final RolloutTail tail;
  private final List<RolloutStep> steps;
  private final List<StepObjective> objectives = new ArrayList<>();
  private final Buffer[] stateGradients = new Buffer[2];
  private final Prediction.Work work;

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
    this.work = Prediction.Work.of(arena, options.rows(), model, scratch);
    this.steps = RolloutStep.chain(arena, options, model, termination, policies, true, start, site);
    for (RolloutStep step : steps) {
      objectives.add(new StepObjective(arena, options, step));
    }
    long words = (long) options.rows() * model.states();
    stateGradients[0] = arena.allocate(words);
    stateGradients[1] = arena.allocate(words);
  }

  /** Rolls out, ends in the tail values, fills the objective. */
  public void forward(Recorder recorder, Buffer random) {
    recorder.add(new Fill(options.rows(), 0, tail.objective()));
    for (int h = 0; h < options.horizon(); h++) {
      steps.get(h).forward(recorder, random);
      objectives.get(h).forward(recorder, tail);
      steps.get(h).advance(recorder, tail.ends());
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
      objectives
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
    step(0).child().write(none);
  }

  /** Hmax. */
  public int horizon() {
    return options.horizon();
  }

  /** What happened in step h. */
  public RolloutStep step(int h) {
    return steps.get(h);
  }
}
