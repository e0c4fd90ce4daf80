package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.Clamp;
import mpdp.backend.op.Copy;
import mpdp.backend.op.SequenceRefit;
import mpdp.backend.op.SequenceSample;
import mpdp.nn.Optimizer;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** {@link GradientAscent}: Adam on the actions of several plans, the best of which is taken. */
final class GradientSearch {
  private final PlanModel model;
  private final GradientAscent settings;
  private final PlanState plan;
  private final Buffer sequence;
  private final Buffer gradient;
  private final Optimizer optimizer;
  private final Buffer score;
  private final Buffer best;
  private final EliteWeights weights;
  private final EliteRollout rollout;
  private final @Nullable PolicyProposals proposals;

  GradientSearch(TensorArena arena, PlanModel model, GradientAscent settings, PlanState plan) {
    int candidates = settings.candidates();
    int horizon = settings.horizon();
    this.model = model;
    this.settings = settings;
    this.plan = plan;
    this.sequence = arena.allocate((long) horizon * candidates * model.actions());
    this.gradient = arena.allocate(sequence.words());
    this.optimizer = new Optimizer(arena, sequence, gradient);
    this.score = arena.allocate(candidates);
    this.best = arena.allocate(1);
    this.weights = new EliteWeights(arena, model.dynamics());
    this.rollout =
        new EliteRollout(arena, model, weights, candidates, horizon, plan.observation, sequence);
    this.proposals =
        model.policy() == null
            ? null
            : new PolicyProposals(
                arena,
                model,
                model.policy(),
                candidates - 1,
                horizon,
                candidates,
                plan.observation,
                sequence);
  }

  void record(Recorder recorder) {
    weights.record(recorder);
    rollout.start(recorder);
    plan.shift(recorder, settings.initialDeviation());
    propose(recorder);
    optimizer.restart(recorder);
    for (int i = 0; i < settings.iterations(); i++) {
      rollout.forward(recorder, plan.random);
      takeBest(recorder);
      rollout.backward(recorder, gradient);
      climb(recorder);
      keepBest(recorder);
    }
    rollout.forward(recorder, plan.random);
    takeBest(recorder);
    plan.advance(recorder);
  }

  private void propose(Recorder recorder) {
    int candidates = settings.candidates();
    int actions = model.actions();
    if (proposals != null) {
      proposals.record(recorder, plan.random);
    } else {
      recorder.add(
          new SequenceSample(
              candidates,
              settings.horizon(),
              actions,
              0,
              0,
              plan.random,
              plan.mean,
              plan.deviation,
              sequence));
    }
    keepBest(recorder);
    plan.advance(recorder);
  }

  /**
   * The last candidate is the best plan so far, first the one before: a step of Adam may lead over
   * a cliff that no gradient tells of.
   */
  private void keepBest(Recorder recorder) {
    int candidates = settings.candidates();
    int actions = model.actions();
    for (int h = 0; h < settings.horizon(); h++) {
      long last = ((long) h * candidates + candidates - 1) * actions;
      recorder.add(
          new Copy(
              actions,
              plan.mean.slice((long) h * actions, actions),
              sequence.slice(last, actions)));
    }
  }

  private void climb(Recorder recorder) {
    optimizer.step(recorder, settings.stepSize(), 0);
    recorder.add(new Clamp(sequence.words(), -1, 1, sequence));
  }

  private void takeBest(Recorder recorder) {
    recorder.add(
        new SequenceRefit(
            settings.candidates(),
            model.dynamics().eliteCount(),
            settings.horizon(),
            model.actions(),
            1,
            0,
            0,
            0,
            0,
            rollout.objective(),
            sequence,
            plan.mean,
            plan.deviation,
            score,
            best));
  }
}
