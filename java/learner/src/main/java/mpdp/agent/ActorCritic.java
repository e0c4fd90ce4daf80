package mpdp.agent;

import java.util.SequencedMap;
import mpdp.backend.Backend;
import mpdp.backend.Recorder;
import mpdp.backend.op.Advance;
import mpdp.checkpoint.AgentHeader;
import mpdp.env.TaskSpec;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.Normalizer;
import mpdp.nn.Optimizer;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.Scratch;
import mpdp.nn.SoftValue;
import mpdp.plan.PolicyRunner;
import mpdp.random.RandomState;
import mpdp.random.RandomStream;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.AgentSettings;
import mpdp.settings.Settings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** What every soft actor-critic has: policies, critics, temperature, and a batch to learn from. */
final class ActorCritic {
  private static final int SITE_BATCH = 0;
  private static final int SITE_NEXT_ACTION = 2;
  private static final int SITE_TAIL = 3;

  private final Backend backend;
  private final Settings settings;
  private final TaskSpec task;
  final ReplayBuffer replay;
  final PolicyNetwork policies;
  final Optimizer policyOptimizer;
  final Critics critics;
  final Temperature temperature;
  final RandomState random;
  final Metrics metrics;
  final Batch batch;
  final Scratch scratch;
  final CriticUpdate criticUpdate;

  /** V of the batch's states by the critics being trained: the objective of SAC's actor. */
  final SoftValue value;

  /**
   * @param normalizer standardises what policies and critics see, where the settings want that
   * @param policyCount plan policies, of which the first one acts
   * @param init the stream that initial weights are drawn from
   */
  ActorCritic(
      Backend backend,
      TensorArena arena,
      Settings settings,
      TaskSpec task,
      ReplayBuffer replay,
      Normalizer normalizer,
      int policyCount,
      RandomStream init) {
    this.backend = backend;
    this.settings = settings;
    this.task = task;
    this.replay = replay;
    AgentSettings agent = settings.agent();
    int states = task.observationSize();
    int actions = task.actionSize();
    Normalizer inputs = agent.normalizeObservations() ? normalizer : null;
    policies = PolicyNetwork.create(arena, agent.policySizes(policyCount), states, actions, inputs);
    policies.network().initialize(EnsembleMlp.Initialization.UNIFORM, init);
    policyOptimizer = policies.network().optimizer(arena);
    critics = new Critics(arena, agent, states, actions, inputs, init);
    temperature = new Temperature(arena, agent, actions);
    random = new RandomState(arena, settings.train().seed(), RandomState.Purpose.UPDATE);
    metrics = new Metrics(arena);
    batch = Batch.of(arena, agent.batch(), states, actions);
    scratch = new Scratch(arena);
    criticUpdate = new CriticUpdate(arena, critics, policies, batch, scratch, SITE_NEXT_ACTION);
    value =
        new SoftValue(
            arena,
            batch.rows(),
            batch.state(),
            null,
            policies,
            critics.online(),
            temperature.alpha(),
            SITE_TAIL);
  }

  /** Draws the batch from the replay buffer. */
  void gatherBatch(Recorder recorder) {
    batch.gather(
        recorder, replay, task.observationSize(), task.actionSize(), random.words(), SITE_BATCH);
  }

  /** Overwrites the critics' gradients with those of one-step targets, times {@code weight}. */
  void criticGradients(Recorder recorder, double weight) {
    criticUpdate.gradients(
        recorder, random.words(), temperature.alpha(), settings.agent().discount(), weight);
  }

  void stepCritics(Recorder recorder) {
    critics.step(recorder, settings.agent());
  }

  void stepPolicies(Recorder recorder) {
    policyOptimizer.step(
        recorder, settings.agent().policyLearningRate(), settings.agent().gradientClip());
  }

  /**
   * @param logProb (rows): of fresh actions of pi_0
   */
  void stepTemperature(Recorder recorder, Buffer logProb) {
    temperature.step(recorder, batch.rows(), logProb);
  }

  /**
   * The metrics of every update.
   *
   * @param objective (rows): what the policies ascended
   * @param logProb (rows): of fresh actions of pi_0
   */
  void recordMetrics(Recorder recorder, Buffer objective, Buffer logProb) {
    int rows = batch.rows();
    metrics.add(recorder, "critic_loss", critics.count(), criticUpdate.loss(), null);
    metrics.add(recorder, "q_mean", critics.count() * rows, criticUpdate.values(), null);
    metrics.add(recorder, "objective", rows, objective, null);
    metrics.add(recorder, "policy_gradient_norm", 1, policyOptimizer.norm(), null);
    metrics.add(recorder, "critic_gradient_norm", 1, critics.optimizer().norm(), null);
    metrics.add(recorder, "alpha", 1, temperature.alpha(), null);
    metrics.add(recorder, "log_prob", rows, logProb, null);
  }

  /** Ends an update: the next one draws new numbers. */
  void advance(Recorder recorder) {
    recorder.add(new Advance(random.words()));
  }

  PolicyRunner controller(int rows, boolean deterministic) {
    long seed = settings.train().seed();
    return new PolicyRunner(backend, policies, rows, deterministic, seed, RandomState.Purpose.ACT);
  }

  SequencedMap<String, Double> drainMetrics() {
    SequencedMap<String, Double> means = metrics.drain();
    means.put(
        "skipped_updates", (double) policyOptimizer.skipped() + critics.optimizer().skipped());
    return means;
  }

  AgentHeader header(AgentHeader.@Nullable ModelHeader model) {
    AgentSettings agent = settings.agent();
    return new AgentHeader(
        new AgentHeader.TaskHeader(
            task.observationSize(),
            task.actionSize(),
            task.terminationLow(),
            task.terminationHigh(),
            task.terminationInclusive()),
        model,
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

  void visit(StateVisitor visitor) {
    policies.network().visit(visitor.within("policies"));
    policyOptimizer.visit(visitor.within("policies"));
    critics.visit(visitor.within("critics"));
    temperature.visit(visitor.within("temperature"));
    random.visit(visitor);
    metrics.visit(visitor);
  }
}
