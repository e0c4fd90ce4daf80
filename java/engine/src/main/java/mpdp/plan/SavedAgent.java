package mpdp.plan;

import mpdp.MpdpException;
import mpdp.backend.op.MlpShape;
import mpdp.checkpoint.AgentHeader;
import mpdp.checkpoint.Checkpoint;
import mpdp.checkpoint.RestoreVisitor;
import mpdp.model.DynamicsEnsemble;
import mpdp.model.Normalizer;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.PolicyNetwork;
import mpdp.rollout.TerminationBounds;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/** The networks of a checkpoint, rebuilt from what its metadata say of them. */
final class SavedAgent {
  private final TensorArena arena;
  private final Checkpoint checkpoint;
  private final AgentHeader header;
  private final StateVisitor tensors;

  /** Refuses a checkpoint that does not say how its agent is built. */
  SavedAgent(TensorArena arena, Checkpoint checkpoint) {
    this.arena = arena;
    this.checkpoint = checkpoint;
    this.header = AgentHeader.of(checkpoint);
    this.tensors = new RestoreVisitor(checkpoint).within(AgentHeader.PREFIX);
  }

  AgentHeader header() {
    return header;
  }

  /** Everything that a planner needs; an agent without a trained model is refused. */
  PlanModel planModel() {
    if (!header.trainsModel()) {
      throw new MpdpException(
          "the agent of this checkpoint has no trained model to plan with: use its policy");
    }
    DynamicsEnsemble model = DynamicsEnsemble.load(arena, checkpoint);
    return new PlanModel(
        model,
        TerminationBounds.of(
            arena,
            header.terminationLow(),
            header.terminationHigh(),
            header.terminationInclusive()),
        policy(model.normalizer()),
        critics(model.normalizer()),
        header.discount());
  }

  /** The policies alone. */
  PolicyNetwork policy() {
    Normalizer normalizer = Normalizer.identity(arena, header.states(), header.actions());
    normalizer.visit(tensors.within("model"));
    return policy(normalizer);
  }

  private PolicyNetwork policy(Normalizer normalizer) {
    int states = header.states();
    MlpShape shape =
        new MlpShape(
            header.policies(),
            states,
            header.policyWidth(),
            header.policyLayers(),
            2 * header.actions(),
            MlpShape.Activation.RELU,
            false);
    EnsembleMlp network = new EnsembleMlp(arena, shape, 0);
    network.visit(tensors.within("policies"));
    boolean standardised = header.normalizedObservations();
    return new PolicyNetwork(
        network,
        states,
        header.actions(),
        standardised ? normalizer.inputMean().slice(0, states) : null,
        standardised ? normalizer.inputInverse().slice(0, states) : null);
  }

  /** The target critics, as at the end of the plans that the agent was trained with. */
  private CriticNetwork critics(Normalizer normalizer) {
    int states = header.states();
    int actions = header.actions();
    MlpShape shape =
        new MlpShape(
            header.critics(),
            states + actions,
            header.criticWidth(),
            header.criticLayers(),
            1,
            MlpShape.Activation.RELU,
            header.criticNorm());
    Buffer target = arena.allocate(shape.parameterWords());
    tensors.within("critics").floats("target", target);
    Normalizer inputs =
        header.normalizedObservations() ? normalizer : Normalizer.identity(arena, states, actions);
    return new CriticNetwork(
        shape, target, states, actions, inputs.inputMean(), inputs.inputInverse());
  }
}
