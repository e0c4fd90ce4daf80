package mpdp.theory;

import java.util.Arrays;

/**
 * Extended policy improvement: the optimal time-indexed plan of H steps with a tail value. The
 * flags select the paper's printed forms, which lose the guarantees.
 *
 * @param discountTail whether the tail is g^H V_old(s_H), or V_old(s_H) as printed
 * @param keepStoppingReward whether a stopped rollout keeps the reward of its last step, or loses
 *     it as printed
 */
record Improvement(boolean discountTail, boolean keepStoppingReward) {
  /** What this engine does. */
  static final Improvement OURS = new Improvement(true, true);

  static final Improvement TAIL_AS_PRINTED = new Improvement(false, true);
  static final Improvement STOP_AS_PRINTED = new Improvement(true, false);

  /**
   * An optimal plan.
   *
   * @param values the best k-step objective for k = 0..H, so the last is J^H*; each of shape (S)
   * @param logPolicies pi*_0..pi*_{H-1}; each of shape (S, A)
   */
  record Plan(double[][] values, double[][] logPolicies) {
    /** J^H*, shape (S). */
    double[] objective() {
      return values[values.length - 1];
    }

    /** The step that is distilled into pi_new. */
    double[] first() {
      return logPolicies[0];
    }
  }

  /** The optimal plan of {@code horizon} steps without early stops. */
  Plan plan(TabularMdp mdp, double[] old, int horizon) {
    return plan(mdp, old, horizon, new boolean[mdp.states() * mdp.actions()]);
  }

  /**
   * The optimal plan where a rollout stops after the first (s,a) in {@code stops}, going on with
   * V_old from there: backward induction, pi*_h = softmax(q_h / alpha).
   */
  Plan plan(TabularMdp mdp, double[] old, int horizon, boolean[] stops) {
    double[][] values = new double[horizon + 1][];
    double[][] logPolicies = new double[horizon][];
    double[] stopped = mdp.actionValues(old);
    if (!keepStoppingReward) {
      Arrays.setAll(stopped, sa -> stopped[sa] - mdp.reward()[sa]);
    }
    double tailScale = discountTail ? 1 : Math.pow(mdp.discount(), -horizon);
    values[0] = Arrays.stream(old).map(value -> value * tailScale).toArray();
    for (int k = 1; k <= horizon; k++) {
      double[] q = mdp.actionValues(values[k - 1]);
      for (int sa = 0; sa < q.length; sa++) {
        q[sa] = stops[sa] ? stopped[sa] : q[sa];
      }
      logPolicies[horizon - k] = mdp.boltzmann(q);
      values[k] = mdp.softMaximum(q);
    }
    return new Plan(values, logPolicies);
  }
}
