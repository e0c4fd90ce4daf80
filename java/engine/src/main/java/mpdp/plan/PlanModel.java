package mpdp.plan;

import mpdp.model.DynamicsEnsemble;
import mpdp.nn.CriticNetwork;
import mpdp.nn.PolicyNetwork;
import mpdp.rollout.TerminationBounds;
import org.jspecify.annotations.Nullable;

/**
 * What a planner plans with. All of it is read afresh by every plan, so a model that is trained
 * further needs no new planner.
 *
 * @param dynamics predicts next states and rewards; only its elites are asked
 * @param termination ends predicted episodes
 * @param policy proposes actions and acts at the end of a plan (member 0), or null: none
 * @param critics value the end of a plan, or null: a plan is worth its rewards alone
 * @param discount g of a future reward
 */
public record PlanModel(
    DynamicsEnsemble dynamics,
    TerminationBounds termination,
    @Nullable PolicyNetwork policy,
    @Nullable CriticNetwork critics,
    double discount) {

  public PlanModel {
    if (critics != null && policy == null) {
      throw new IllegalArgumentException("critics need a policy, whose actions they value");
    }
  }

  int states() {
    return dynamics.states();
  }

  int actions() {
    return dynamics.actions();
  }
}
