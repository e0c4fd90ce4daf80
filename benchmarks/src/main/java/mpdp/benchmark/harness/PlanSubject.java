package mpdp.benchmark.harness;

import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.Precision;
import mpdp.env.TaskSpec;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.NetworkSizes;
import mpdp.nn.PolicyNetwork;
import mpdp.plan.PlanModel;
import mpdp.plan.Planner;
import mpdp.plan.Search;
import mpdp.random.RandomStream;
import mpdp.rollout.TerminationBounds;
import mpdp.tensor.TensorArena;

/** A planner over untrained networks of the usual sizes: its whole plan is the subject. */
public final class PlanSubject implements Subject {
  private static final int WIDTH = 256;

  private final TensorArena arena;
  private final Planner planner;
  private final Program program;

  /**
   * @param search how it looks for a plan
   * @param precision of its predictions
   */
  public PlanSubject(Backend backend, Shape shape, Search search, Precision precision) {
    KeptPrograms kept = new KeptPrograms(backend);
    arena = backend.arena("plan");
    planner = Planner.of(kept, model(shape, precision), search, 1);
    float[] observation = new float[shape.states()];
    RandomStream random = new RandomStream(1, 4);
    for (int i = 0; i < observation.length; i++) {
      observation[i] = (float) random.nextGaussian();
    }
    planner.plan(observation);
    planner.reset();
    program = kept.program("plan");
  }

  private PlanModel model(Shape shape, Precision precision) {
    int states = shape.states();
    int actions = shape.actions();
    DynamicsEnsemble dynamics =
        new DynamicsEnsemble(
            arena, states, actions, new NetworkSizes(7, 4, shape.modelWidth(), false), 5);
    RandomStream random = new RandomStream(1, 1);
    dynamics.predictIn(precision).initialize(random, -10, 0.5);
    PolicyNetwork policy = PolicyNetwork.create(arena, sizes(1), states, actions, null);
    policy.network().initialize(EnsembleMlp.Initialization.UNIFORM, random);
    CriticNetwork critics = CriticNetwork.create(arena, sizes(2), states, actions, null);
    new EnsembleMlp(arena, critics.shape(), critics.parameters())
        .initialize(EnsembleMlp.Initialization.UNIFORM, random);
    TaskSpec task = shape.endless();
    return new PlanModel(
        dynamics,
        TerminationBounds.of(arena, task.terminationLow(), task.terminationHigh(), true),
        policy,
        critics,
        0.99);
  }

  private static NetworkSizes sizes(int members) {
    return new NetworkSizes(members, 2, WIDTH, false);
  }

  @Override
  public Program program() {
    return program;
  }

  @Override
  public void close() {
    planner.close();
    arena.close();
  }
}
