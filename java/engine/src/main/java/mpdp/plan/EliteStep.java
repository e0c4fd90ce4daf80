package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.SequenceScore;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.Scratch;
import mpdp.rollout.EnsemblePass;
import mpdp.rollout.ModelStep;
import mpdp.rollout.RolloutRows;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * Step h of candidates' rollouts through every elite, differentiable by the actions. Row e
 * candidates + c is candidate c in elite e, for all steps; predictions are the elites' means.
 */
final class EliteStep {
  /** Draw sites of a step, whose draws count for nothing. */
  static final int SITES = ModelStep.SITES;

  private final PlanModel model;
  private final RolloutRows rows;
  private final Buffer state;
  private final ModelStep step;
  private final Buffer done;
  private final Buffer rewardGradient;

  /**
   * @param state (rows, states): where the step begins
   * @param next (rows, states): where it leads
   */
  EliteStep(
      TensorArena arena,
      PlanModel model,
      EliteWeights weights,
      int candidates,
      Buffer state,
      Buffer next) {
    DynamicsEnsemble dynamics = model.dynamics();
    this.model = model;
    this.rows = RolloutRows.all(dynamics.eliteCount() * candidates);
    this.state = state;
    this.step =
        new ModelStep(
            dynamics,
            EnsemblePass.ofEachElite(arena, dynamics, weights.parameters(), candidates),
            false,
            state,
            next,
            arena.allocate(rows.capacity()));
    this.done = arena.allocate(rows.capacity());
    this.rewardGradient = arena.allocate(rows.capacity());
  }

  /**
   * @param action (candidates, actions)
   * @param site first of {@link #SITES} draw sites
   */
  void forward(Recorder recorder, Buffer action, PlanEnd end, Buffer random, int site) {
    step.forward(recorder, rows, action, random, site);
    model.termination().test(recorder, rows, step.next(), done);
    recorder.add(
        new SequenceScore(
            rows.capacity(),
            model.states(),
            (float) model.discount(),
            state,
            step.reward(),
            done,
            step.next(),
            end.ends().weight(),
            end.objective(),
            rewardGradient));
  }

  /**
   * @param nextGradient (rows, states)
   * @param inputGradient (rows, states + actions), overwritten
   * @param stateGradient (rows, states), overwritten
   * @param actionGradient (candidates, actions), overwritten: the sum over the elites
   */
  void backward(
      Recorder recorder,
      Buffer nextGradient,
      Scratch scratch,
      Buffer inputGradient,
      Buffer stateGradient,
      Buffer actionGradient) {
    step.backward(
        recorder,
        rows,
        nextGradient,
        rewardGradient,
        scratch,
        inputGradient,
        stateGradient,
        actionGradient);
  }
}
