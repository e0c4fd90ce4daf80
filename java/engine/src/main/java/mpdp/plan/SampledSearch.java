package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.SequenceRefit;
import mpdp.backend.op.SequenceSample;
import mpdp.nn.PolicyNetwork;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** CEM and MPPI: draw sequences around the plan, score them in the model, refit the plan. */
final class SampledSearch {
  private final PlanModel model;
  private final Sampling sampling;
  private final PlanState plan;
  private final Buffer sequence;
  private final Buffer score;
  private final Buffer elite;
  private final int proposed;
  private final @Nullable PolicyProposals proposals;
  private final ParticleRollout rollout;

  SampledSearch(TensorArena arena, PlanModel model, Sampling sampling, PlanState plan) {
    this.model = model;
    this.sampling = sampling;
    this.plan = plan;
    int candidates = sampling.candidates();
    int horizon = sampling.horizon();
    this.sequence = arena.allocate((long) horizon * candidates * model.actions());
    this.score = arena.allocate(candidates);
    this.elite = arena.allocate(sampling.elites());
    PolicyNetwork policy = model.policy();
    this.proposed = policy == null ? 0 : sampling.policyTrajectories();
    this.proposals =
        policy == null || proposed == 0
            ? null
            : new PolicyProposals(
                arena, model, policy, proposed, horizon, candidates, plan.observation, sequence);
    this.rollout = new ParticleRollout(arena, model, sampling, plan.observation, sequence);
  }

  void record(Recorder recorder) {
    plan.shift(recorder, sampling.initialDeviation());
    if (proposals != null) {
      proposals.record(recorder, plan.random);
      plan.advance(recorder);
    }
    for (int i = 0; i < sampling.iterations(); i++) {
      recorder.add(
          new SequenceSample(
              sampling.candidates(),
              sampling.horizon(),
              model.actions(),
              proposed,
              0,
              plan.random,
              plan.mean,
              plan.deviation,
              sequence));
      rollout.record(recorder, plan.random);
      refit(recorder);
      plan.advance(recorder);
    }
  }

  private void refit(Recorder recorder) {
    recorder.add(
        new SequenceRefit(
            sampling.candidates(),
            sampling.particles(),
            sampling.horizon(),
            model.actions(),
            sampling.elites(),
            (float) sampling.sharpness(),
            (float) sampling.momentum(),
            (float) sampling.minDeviation(),
            (float) sampling.initialDeviation(),
            rollout.objective(),
            sequence,
            plan.mean,
            plan.deviation,
            score,
            elite));
  }
}
