package mpdp.plan;

import mpdp.checkpoint.AgentHeader;
import mpdp.checkpoint.Checkpoint;
import mpdp.checkpoint.RestoreVisitor;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.CriticNetwork;
import mpdp.nn.Normalizer;
import mpdp.nn.PolicyNetwork;
import mpdp.rollout.TerminationBounds;
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
    DynamicsEnsemble model = DynamicsEnsemble.load(arena, checkpoint);
    return new PlanModel(
        model,
        TerminationBounds.of(
            arena,
            header.task().terminationLow(),
            header.task().terminationHigh(),
            header.task().terminationInclusive()),
        policy(model.normalizer()),
        critics(model.normalizer()),
        header.critic().discount());
  }

  /** The policies alone. */
  PolicyNetwork policy() {
    Normalizer normalizer =
        Normalizer.identity(arena, header.task().states(), header.task().actions());
    normalizer.visit(tensors.within("model"));
    return policy(normalizer);
  }

  private PolicyNetwork policy(Normalizer normalizer) {
    PolicyNetwork policies =
        PolicyNetwork.create(
            arena,
            header.policy().sizes(),
            header.task().states(),
            header.task().actions(),
            header.policy().normalizedObservations() ? normalizer : null);
    policies.network().visit(tensors.within("policies"));
    return policies;
  }

  /** The target critics, as at the end of the plans that the agent was trained with. */
  private CriticNetwork critics(Normalizer normalizer) {
    CriticNetwork critics =
        CriticNetwork.create(
            arena,
            header.critic().sizes(),
            header.task().states(),
            header.task().actions(),
            header.policy().normalizedObservations() ? normalizer : null);
    tensors.within("critics").floats("target", critics.parameters());
    return critics;
  }
}
