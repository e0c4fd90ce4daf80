package mpdp.agent;

import java.util.SequencedMap;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.checkpoint.AgentHeader;
import mpdp.env.TaskSpec;
import mpdp.model.DynamicsEnsemble;
import mpdp.plan.PolicyRunner;
import mpdp.random.RandomStream;
import mpdp.replay.ReplayBuffer;
import mpdp.rollout.Rollout;
import mpdp.rollout.RolloutOptions;
import mpdp.rollout.RolloutTail;
import mpdp.rollout.TerminationBounds;
import mpdp.rollout.UncertaintyOptions;
import mpdp.settings.PlanPolicies;
import mpdp.settings.PlanSettings;
import mpdp.settings.Settings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * MPDP (arXiv 2307.12933): soft actor-critic whose policies are improved by distilling H-step plans
 * through a learned ensemble. One update is one recorded program.
 */
public final class MpdpAgent implements Agent {
  private static final int STREAM_INITIAL_WEIGHTS = 1;
  private static final int SITE_TAIL = 3;
  private static final int SITE_ROLLOUT = 16;

  private final Settings settings;
  private final TensorArena arena;
  private final ModelLearner modelLearner;
  private final ActorCritic ac;
  private final @Nullable StartStates start;
  private final RolloutTail tail;
  private final Rollout rollout;
  private final @Nullable ValueExpansion expansion;
  private final @Nullable Program sacUpdate;
  private final Program update;

  MpdpAgent(Backend backend, Settings settings, TaskSpec task) {
    this.settings = settings;
    int states = task.observationSize();
    int actions = task.actionSize();
    PlanSettings plan = settings.plan();
    RandomStream init = new RandomStream(settings.train().seed(), STREAM_INITIAL_WEIGHTS);
    arena = backend.arena("agent");
    ReplayBuffer replay =
        new ReplayBuffer(arena, settings.train().replayCapacity(), states, actions);
    modelLearner = new ModelLearner(backend, arena, settings, replay, states, actions, init);
    DynamicsEnsemble model = modelLearner.model();
    int policies = plan.policies() == PlanPolicies.SEPARATE ? plan.horizon() : 1;
    ac =
        new ActorCritic(backend, arena, settings, task, replay, model.normalizer(), policies, init);
    int rows = ac.batch.rows();
    start =
        settings.imagination().enabled()
            ? new StartStates(arena, states, settings.imagination().horizon(), ac.batch)
            : null;
    tail =
        new RolloutTail(
            arena,
            rows,
            arena.allocate((long) rows * states),
            ac.policies,
            ac.critics.target(),
            ac.temperature.alpha(),
            SITE_TAIL);
    rollout =
        new Rollout(
            arena,
            options(settings),
            model,
            TerminationBounds.of(
                arena, task.terminationLow(), task.terminationHigh(), task.terminationInclusive()),
            ac.policies,
            tail,
            start == null ? ac.batch.state() : start.states(),
            ac.scratch,
            SITE_ROLLOUT);
    rollout.forgetChildren();
    expansion =
        plan.valueExpansion()
            ? new ValueExpansion(arena, ac.critics, rollout, tail, ac.scratch, rows)
            : null;
    sacUpdate =
        settings.agent().sacUpdates() > 0
            ? backend.record("sac update", this::recordSacUpdate)
            : null;
    update = backend.record("update", this::record);
  }

  private static RolloutOptions options(Settings settings) {
    PlanSettings plan = settings.plan();
    return new RolloutOptions(
        settings.agent().batch(),
        plan.horizon(),
        plan.policies() == PlanPolicies.SHARED,
        plan.uncertainty() ? uncertainty(plan) : null,
        settings.agent().discount());
  }

  private static UncertaintyOptions uncertainty(PlanSettings plan) {
    return new UncertaintyOptions(
        switch (plan.uncertaintyScale()) {
          case LOG -> mpdp.backend.op.UncertaintyScale.LOG;
          case RAW -> mpdp.backend.op.UncertaintyScale.RAW;
        },
        plan.uncertaintyThreshold(),
        plan.penalty());
  }

  /** A SAC update on real transitions alone, between updates through the model. */
  private void recordSacUpdate(Recorder recorder) {
    SacAgent.record(recorder, ac);
    ac.advance(recorder);
  }

  private void record(Recorder recorder) {
    Buffer draws = ac.random.words();
    ac.gatherBatch(recorder);
    if (start != null) {
      start.record(recorder, rollout, draws);
    }
    // Plan: roll pi_0 .. pi_{H-1} out through the ensemble until its members disagree.
    rollout.forward(recorder, draws);
    // Critics: towards one-step targets, and towards the plans' returns.
    double realWeight = expansion == null ? 1 : settings.plan().realRatio();
    ac.criticGradients(recorder, realWeight);
    if (expansion != null) {
      double discount = settings.agent().discount();
      expansion.gradients(recorder, ac.temperature.alpha(), discount, 1 - realWeight);
    }
    // Policies: up J^H, of which pi_0 keeps the first step.
    rollout.backward(recorder, settings.plan().tailPolicyGradient());
    ac.stepPolicies(recorder);
    ac.stepCritics(recorder);
    ac.stepTemperature(recorder, rollout.step(0).logProb());
    recordMetrics(recorder);
    ac.advance(recorder);
  }

  private void recordMetrics(Recorder recorder) {
    int rows = ac.batch.rows();
    ac.recordMetrics(recorder, tail.objective(), rollout.step(0).logProb());
    ac.metrics.add(recorder, "mean_horizon", rows, tail.length(), null);
    Buffer uncertainty = rollout.step(0).uncertainty();
    if (uncertainty != null) {
      ac.metrics.add(recorder, "mean_uncertainty", rows, uncertainty, null);
    }
    ac.metrics.add(recorder, "imagined_reward", rows, rollout.step(0).reward(), null);
    ac.metrics.add(recorder, "tail_value", rows, tail.value(), null);
    if (expansion != null) {
      ac.metrics.add(recorder, "expansion_loss", ac.critics.count(), expansion.loss(), null);
    }
  }

  @Override
  public ReplayBuffer replay() {
    return ac.replay;
  }

  @Override
  public PolicyRunner controller(int rows, boolean deterministic) {
    return ac.controller(rows, deterministic);
  }

  @Override
  public ModelReport learnModel() {
    return modelLearner.learn();
  }

  @Override
  public void update() {
    for (int i = 0; sacUpdate != null && i < settings.agent().sacUpdates(); i++) {
      sacUpdate.run();
    }
    update.run();
  }

  @Override
  public SequencedMap<String, Double> metrics() {
    return ac.drainMetrics();
  }

  @Override
  public AgentHeader header() {
    return ac.header(modelLearner.header());
  }

  @Override
  public void visit(StateVisitor visitor) {
    ac.visit(visitor);
    modelLearner.visit(visitor);
    if (start != null) {
      start.visit(visitor.within("imagination"), rollout);
    }
  }

  @Override
  public void close() {
    update.close();
    if (sacUpdate != null) {
      sacUpdate.close();
    }
    modelLearner.close();
    arena.close();
  }
}
