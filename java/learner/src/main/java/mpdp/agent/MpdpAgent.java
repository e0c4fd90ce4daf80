package mpdp.agent;

import java.util.SequencedMap;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Fill;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RestartStates;
import mpdp.checkpoint.AgentHeader;
import mpdp.env.TaskSpec;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.NetworkSizes;
import mpdp.nn.Normalizer;
import mpdp.nn.Optimizer;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.Scratch;
import mpdp.plan.PolicyRunner;
import mpdp.random.RandomState;
import mpdp.random.RandomStream;
import mpdp.replay.ReplayBuffer;
import mpdp.rollout.Rollout;
import mpdp.rollout.RolloutOptions;
import mpdp.rollout.RolloutTail;
import mpdp.rollout.TerminationBounds;
import mpdp.settings.AgentSettings;
import mpdp.settings.Algorithm;
import mpdp.settings.ModelSettings;
import mpdp.settings.PlanPolicies;
import mpdp.settings.Settings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * MPDP (arXiv 2307.12933): soft actor-critic whose policies are improved by distilling H-step plans
 * through a learned ensemble. Without a model it is SAC, its H = 1. One update is one recorded
 * program.
 */
public final class MpdpAgent implements AutoCloseable {
  private static final int SITE_BATCH = 0;
  private static final int SITE_RESTART = 1;
  private static final int SITE_NEXT_ACTION = 2;
  private static final int SITE_TAIL = 3;
  private static final int SITE_ROLLOUT = 16;

  private final Backend backend;
  private final Settings settings;
  private final TaskSpec task;
  private final TensorArena arena;
  private final ReplayBuffer replay;
  private final DynamicsEnsemble model;
  private final ModelTrainer modelTrainer;
  private final PolicyNetwork policies;
  private final Optimizer policyOptimizer;
  private final Critics critics;
  private final Temperature temperature;
  private final RandomState random;
  private final Metrics metrics;
  private final Batch batch;
  private final Scratch scratch;
  private final @Nullable Buffer start;
  private final RolloutTail sacTail;
  private final RolloutTail tail;
  private final @Nullable Rollout rollout;
  private final CriticUpdate criticUpdate;
  private final @Nullable ValueExpansion expansion;
  private final Program sacUpdate;
  private final Program update;

  /** A fresh agent for the task, initialised from the settings' seed. */
  public MpdpAgent(Backend backend, Settings settings, TaskSpec task) {
    this.backend = backend;
    this.settings = settings;
    this.task = task;
    int states = task.observationSize();
    int actions = task.actionSize();
    int rows = settings.agent().batch();
    long seed = settings.train().seed();
    RandomStream init = new RandomStream(seed, 1);
    arena = backend.arena("agent");
    replay = new ReplayBuffer(arena, settings.train().replayCapacity(), states, actions);
    model =
        new DynamicsEnsemble(
            arena, states, actions, settings.model().sizes(), settings.model().elites());
    model.initialize(init, settings.model().logVarianceMin(), settings.model().logVarianceMax());
    model.predictIn(
        switch (settings.plan().precision()) {
          case FP32 -> Precision.FP32;
          case BF16 -> Precision.BF16;
        });
    modelTrainer = new ModelTrainer(backend, settings.model(), model, replay, seed);
    Normalizer standardisation =
        settings.agent().normalizeObservations() ? model.normalizer() : null;
    policies = PolicyNetwork.create(arena, policySizes(), states, actions, standardisation);
    policies.network().initialize(EnsembleMlp.Initialization.UNIFORM, init);
    policyOptimizer = policies.network().optimizer(arena);
    critics = new Critics(arena, settings.agent(), states, actions, standardisation, init);
    temperature = new Temperature(arena, settings.agent(), actions);
    random = new RandomState(arena, seed, RandomState.Purpose.UPDATE);
    metrics = new Metrics(arena);
    batch = Batch.of(arena, rows, states, actions);
    scratch = new Scratch(arena);
    criticUpdate = new CriticUpdate(arena, critics, policies, batch, scratch, SITE_NEXT_ACTION);
    sacTail = tail(batch.state(), false);
    if (plans()) {
      start = settings.imagination().enabled() ? arena.allocate((long) rows * states) : null;
      Buffer tails = arena.allocate((long) rows * states);
      tail = tail(tails, true);
      rollout = rollout(tail);
      expansion =
          settings.plan().valueExpansion()
              ? new ValueExpansion(arena, critics, rollout, tail, scratch, rows)
              : null;
    } else {
      start = null;
      rollout = null;
      expansion = null;
      tail = sacTail;
    }
    if (rollout != null) {
      rollout.forgetChildren();
    }
    sacUpdate = backend.record("sac update", this::recordSacUpdate);
    update = backend.record("update", this::recordUpdate);
  }

  /** How the agent is built, for those who load its checkpoints without its settings. */
  public AgentHeader header() {
    AgentSettings agent = settings.agent();
    ModelSettings modelled = settings.model();
    return new AgentHeader(
        new AgentHeader.TaskHeader(
            task.observationSize(),
            task.actionSize(),
            task.terminationLow(),
            task.terminationHigh(),
            task.terminationInclusive()),
        new AgentHeader.ModelHeader(
            plans(), modelled.members(), modelled.elites(), modelled.layers(), modelled.width()),
        new AgentHeader.PolicyHeader(
            policies.network().shape().members(),
            agent.policyLayers(),
            agent.policyWidth(),
            agent.normalizeObservations()),
        new AgentHeader.CriticHeader(
            agent.critics(),
            agent.criticLayers(),
            agent.criticWidth(),
            agent.criticNorm(),
            agent.discount()));
  }

  /** Whether policies are improved through the model. */
  public boolean plans() {
    return settings.train().algorithm() == Algorithm.MPDP;
  }

  /** A policy for every step of the plan, or a single one. */
  private NetworkSizes policySizes() {
    boolean separate = plans() && settings.plan().policies() == PlanPolicies.SEPARATE;
    return settings.agent().policySizes(separate ? settings.plan().horizon() : 1);
  }

  private RolloutTail tail(Buffer states, boolean ofPlans) {
    return new RolloutTail(
        arena,
        settings.agent().batch(),
        states,
        ofPlans,
        policies,
        ofPlans ? critics.target() : critics.online(),
        temperature.alpha(),
        SITE_TAIL);
  }

  private Rollout rollout(RolloutTail tail) {
    RolloutOptions options =
        new RolloutOptions(
            settings.agent().batch(),
            settings.plan().horizon(),
            settings.plan().policies() == PlanPolicies.SHARED,
            settings.plan().uncertainty(),
            switch (settings.plan().uncertaintyScale()) {
              case LOG -> mpdp.backend.op.UncertaintyScale.LOG;
              case RAW -> mpdp.backend.op.UncertaintyScale.RAW;
            },
            settings.plan().uncertaintyThreshold(),
            settings.plan().penalty(),
            settings.agent().discount());
    TerminationBounds termination =
        TerminationBounds.of(
            arena, task.terminationLow(), task.terminationHigh(), task.terminationInclusive());
    return new Rollout(
        arena,
        options,
        model,
        termination,
        policies,
        tail,
        start == null ? batch.state() : start,
        scratch,
        SITE_ROLLOUT);
  }

  private void recordUpdate(Recorder recorder) {
    gatherBatch(recorder);
    if (rollout == null) {
      recordSac(recorder);
    } else {
      recordDistillation(recorder, rollout);
    }
    recordMetrics(recorder);
    recorder.add(new Advance(random.words()));
  }

  /** One whole SAC update: the improvement step of H = 1, on real transitions alone. */
  private void recordSacUpdate(Recorder recorder) {
    gatherBatch(recorder);
    recordSac(recorder);
    recorder.add(new Advance(random.words()));
  }

  private void gatherBatch(Recorder recorder) {
    batch.gather(recorder, replay, model.states(), model.actions(), random.words(), SITE_BATCH);
  }

  private void recordSac(Recorder recorder) {
    criticUpdate.gradients(
        recorder, random.words(), temperature.alpha(), settings.agent().discount(), 1);
    critics.step(recorder, settings.agent());
    recorder.add(new Fill(batch.rows(), 0, sacTail.objective()));
    sacTail.forward(recorder, random.words());
    sacTail.backward(recorder, scratch, false, policies.network().gradients());
    stepPolicies(recorder);
    temperature.step(recorder, batch.rows(), sacTail.logProb());
  }

  private void recordDistillation(Recorder recorder, Rollout rollout) {
    recordStart(recorder, rollout);
    rollout.forward(recorder, random.words());
    double realWeight = expansion == null ? 1 : settings.imagination().realRatio();
    Buffer alpha = temperature.alpha();
    double discount = settings.agent().discount();
    criticUpdate.gradients(recorder, random.words(), alpha, discount, realWeight);
    if (expansion != null) {
      expansion.gradients(recorder, alpha, discount, 1 - realWeight);
    }
    rollout.backward(recorder, settings.plan().tailPolicyGradient());
    stepPolicies(recorder);
    critics.step(recorder, settings.agent());
    temperature.step(recorder, batch.rows(), rollout.logProb(0));
  }

  private void recordStart(Recorder recorder, Rollout rollout) {
    if (start != null) {
      recorder.add(
          new RestartStates(
              batch.rows(),
              model.states(),
              SITE_RESTART,
              1f / settings.imagination().horizon(),
              rollout.child(0),
              rollout.next(0),
              batch.state(),
              random.words(),
              start));
    }
  }

  private void stepPolicies(Recorder recorder) {
    policyOptimizer.step(
        recorder, settings.agent().policyLearningRate(), settings.agent().gradientClip());
  }

  private void recordMetrics(Recorder recorder) {
    int rows = batch.rows();
    metrics.add(recorder, "critic_loss", critics.count(), criticUpdate.loss(), null);
    metrics.add(recorder, "q_mean", critics.count() * rows, criticUpdate.values(), null);
    metrics.add(recorder, "objective", rows, tail.objective(), null);
    metrics.add(recorder, "policy_gradient_norm", 1, policyOptimizer.norm(), null);
    metrics.add(recorder, "critic_gradient_norm", 1, critics.optimizer().norm(), null);
    metrics.add(recorder, "alpha", 1, temperature.alpha(), null);
    if (rollout == null) {
      metrics.add(recorder, "log_prob", rows, tail.logProb(), null);
      return;
    }
    metrics.add(recorder, "log_prob", rows, rollout.logProb(0), null);
    metrics.add(recorder, "mean_horizon", rows, tail.length(), null);
    Buffer uncertainty = rollout.uncertainty(0);
    if (uncertainty != null) {
      metrics.add(recorder, "mean_uncertainty", rows, uncertainty, null);
    }
    metrics.add(recorder, "imagined_reward", rows, rollout.reward(0), null);
    metrics.add(recorder, "tail_value", rows, tail.value(), null);
    if (expansion != null) {
      metrics.add(recorder, "expansion_loss", critics.count(), expansion.loss(), null);
    }
  }

  /** One update of critics, policies, targets and temperature. Needs experience to draw from. */
  public void update() {
    for (int i = 0; plans() && i < settings.agent().sacUpdates(); i++) {
      sacUpdate.run();
    }
    update.run();
  }

  /** Means since the last call, and counts of skipped updates. */
  public SequencedMap<String, Double> drainMetrics() {
    SequencedMap<String, Double> means = metrics.drain();
    means.put(
        "skipped_updates", (double) policyOptimizer.skipped() + critics.optimizer().skipped());
    return means;
  }

  /** Experience; whoever acts adds to it. */
  public ReplayBuffer replay() {
    return replay;
  }

  /** Trains the ensemble and the normaliser. */
  public ModelTrainer modelTrainer() {
    return modelTrainer;
  }

  /** pi_0 acting in {@code rows} environments, sampled or with its mean. */
  public PolicyRunner actor(int rows, boolean deterministic) {
    long seed = settings.train().seed();
    return new PolicyRunner(backend, policies, rows, deterministic, seed, RandomState.Purpose.ACT);
  }

  /** Visits everything that training changes, the replay buffer aside. */
  public void visit(StateVisitor visitor) {
    policies.network().visit(visitor.within("policies"));
    policyOptimizer.visit(visitor.within("policies"));
    critics.visit(visitor.within("critics"));
    temperature.visit(visitor.within("temperature"));
    random.visit(visitor);
    metrics.visit(visitor);
    model.visit(visitor.within("model"));
    modelTrainer.visit(visitor.within("model_training"));
    if (start != null && rollout != null) {
      visitor.integers("imagination.child", rollout.child(0));
      visitor.floats("imagination.next", rollout.next(0));
    }
  }

  @Override
  public void close() {
    update.close();
    sacUpdate.close();
    modelTrainer.close();
    arena.close();
  }
}
