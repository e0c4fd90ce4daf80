package mpdp.benchmark.harness;

import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Precision;
import mpdp.env.TaskSpec;
import mpdp.model.DynamicsEnsemble;
import mpdp.model.Normalizer;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
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
        new DynamicsEnsemble(arena, states, actions, 7, 5, 4, shape.modelWidth());
    RandomStream random = new RandomStream(1, 1);
    dynamics.predictIn(precision).initialize(random, -10, 0.5);
    EnsembleMlp policy = network(1, states, 2 * actions, random);
    EnsembleMlp critics = network(2, states + actions, 1, random);
    Normalizer identity = Normalizer.identity(arena, states, actions);
    TaskSpec task = shape.endless();
    return new PlanModel(
        dynamics,
        TerminationBounds.of(arena, task.terminationLow(), task.terminationHigh(), true),
        new PolicyNetwork(policy, states, actions, null, null),
        new CriticNetwork(
            critics.shape(),
            critics.parameters(),
            states,
            actions,
            identity.inputMean(),
            identity.inputInverse()),
        0.99);
  }

  private EnsembleMlp network(int members, int inputs, int outputs, RandomStream random) {
    MlpShape shape =
        new MlpShape(members, inputs, WIDTH, 2, outputs, MlpShape.Activation.RELU, false);
    EnsembleMlp network = new EnsembleMlp(arena, shape, 0);
    network.initialize(EnsembleMlp.Initialization.UNIFORM, random);
    return network;
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
