package mpdp.agent;

import java.util.SequencedMap;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.Fill;
import mpdp.checkpoint.AgentHeader;
import mpdp.env.TaskSpec;
import mpdp.nn.Normalizer;
import mpdp.plan.PolicyRunner;
import mpdp.random.RandomStream;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.Settings;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * Soft actor-critic (Haarnoja et al. 2018): critics regress on one-step soft targets, the policy
 * ascends their soft value. No model.
 */
public final class SacAgent implements Agent {
  private static final int STREAM_INITIAL_WEIGHTS = 1;

  private final boolean normalizes;
  private final TensorArena arena;
  private final Normalizer normalizer;
  private final NormalizerUpdate normalizerUpdate;
  private final ActorCritic ac;
  private final Program update;

  SacAgent(Backend backend, Settings settings, TaskSpec task) {
    int states = task.observationSize();
    int actions = task.actionSize();
    normalizes = settings.agent().normalizeObservations();
    arena = backend.arena("agent");
    ReplayBuffer replay =
        new ReplayBuffer(arena, settings.train().replayCapacity(), states, actions);
    normalizer = Normalizer.identity(arena, states, actions);
    normalizerUpdate = new NormalizerUpdate(backend, normalizer, replay, states, actions, false);
    RandomStream init = new RandomStream(settings.train().seed(), STREAM_INITIAL_WEIGHTS);
    ac = new ActorCritic(backend, arena, settings, task, replay, normalizer, 1, init);
    update = backend.record("update", this::record);
  }

  private void record(Recorder recorder) {
    record(recorder, ac);
    ac.recordMetrics(recorder, ac.value.objective(), ac.value.logProb());
    ac.advance(recorder);
  }

  /** One update on a batch of real transitions: the improvement step of MPDP's H = 1. */
  static void record(Recorder recorder, ActorCritic ac) {
    ac.gatherBatch(recorder);
    // Critics: towards r + g (min_j Q'_j(s', a') - alpha log pi(a'|s')), a' fresh; targets follow.
    ac.criticGradients(recorder, 1);
    ac.stepCritics(recorder);
    // Policy: up the soft value min_j Q_j(s, a) - alpha log pi(a|s), a reparameterised.
    recorder.add(new Fill(ac.batch.rows(), 0, ac.value.objective()));
    ac.value.forward(recorder, ac.random.words());
    ac.value.backward(recorder, ac.scratch, false, ac.policies.network().gradients());
    ac.stepPolicies(recorder);
    // Temperature: towards the target entropy.
    ac.stepTemperature(recorder, ac.value.logProb());
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
    if (normalizes) {
      normalizerUpdate.run();
    }
    return ModelReport.NONE;
  }

  @Override
  public void update() {
    update.run();
  }

  @Override
  public SequencedMap<String, Double> metrics() {
    return ac.drainMetrics();
  }

  @Override
  public AgentHeader header() {
    return ac.header(null);
  }

  @Override
  public void visit(StateVisitor visitor) {
    ac.visit(visitor);
    normalizer.visit(visitor.within("model"));
  }

  @Override
  public void close() {
    update.close();
    normalizerUpdate.close();
    arena.close();
  }
}
