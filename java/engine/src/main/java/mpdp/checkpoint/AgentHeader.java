package mpdp.checkpoint;

import mpdp.MpdpException;
import mpdp.nn.NetworkSizes;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint's metadata say of the agent whose tensors it holds: all that is needed to
 * rebuild its networks and to plan with them, without the settings of the run. Every component of
 * the four records is one entry, such as {@code agent.policy_width} for {@code policyWidth}.
 *
 * @param model null for an agent without a dynamics model
 */
public record AgentHeader(
    TaskHeader task, @Nullable ModelHeader model, PolicyHeader policy, CriticHeader critic) {
  private static final String TRAINS_MODEL = "trains_model";

  /** What the names of the agent's tensors and metadata begin with. */
  public static final String PREFIX = "agent";

  /**
   * The task's side.
   *
   * @param states numbers in an observation
   * @param actions numbers in an action, each in (-1, 1)
   * @param terminationLow (states): a predicted state is alive above it
   * @param terminationHigh (states): and below this one
   * @param terminationInclusive whether the bounds themselves are alive
   */
  public record TaskHeader(
      int states,
      int actions,
      float[] terminationLow,
      float[] terminationHigh,
      boolean terminationInclusive) {}

  /**
   * The dynamics ensemble.
   *
   * @param modelElites members that answer
   */
  public record ModelHeader(int modelMembers, int modelElites, int modelLayers, int modelWidth) {
    public NetworkSizes sizes() {
      return new NetworkSizes(modelMembers, modelLayers, modelWidth, false);
    }
  }

  /**
   * The plan policies.
   *
   * @param policies networks; the first one acts
   * @param normalizedObservations whether policies and critics see standardised states
   */
  public record PolicyHeader(
      int policies, int policyLayers, int policyWidth, boolean normalizedObservations) {
    public NetworkSizes sizes() {
      return new NetworkSizes(policies, policyLayers, policyWidth, false);
    }
  }

  /**
   * The critics.
   *
   * @param discount g of a future reward
   */
  public record CriticHeader(
      int critics, int criticLayers, int criticWidth, boolean criticNorm, double discount) {
    public NetworkSizes sizes() {
      return new NetworkSizes(critics, criticLayers, criticWidth, criticNorm);
    }
  }

  /**
   * The dynamics ensemble of an agent that must have one.
   *
   * @throws MpdpException if it has none
   */
  public ModelHeader requireModel() {
    if (model == null) {
      throw new MpdpException(
          "the agent of this checkpoint has no trained model to plan with: use its policy");
    }
    return model;
  }

  /** Adds this header to a checkpoint. */
  public void put(Checkpoint checkpoint) {
    HeaderRecords entries = new HeaderRecords(checkpoint, PREFIX);
    entries.put(task);
    checkpoint.put(PREFIX + "." + TRAINS_MODEL, Boolean.toString(model != null));
    if (model != null) {
      entries.put(model);
    }
    entries.put(policy);
    entries.put(critic);
  }

  /**
   * Reads the header.
   *
   * @throws MpdpException if there is none, or a value that makes no sense
   */
  public static AgentHeader of(Checkpoint checkpoint) {
    if (!checkpoint.metadata().containsKey(PREFIX + ".states")) {
      throw new MpdpException(
          "the checkpoint does not say how its agent is built, an earlier version wrote it: "
              + "resume the run (mpdp train --resume RUN), which writes a new one");
    }
    HeaderRecords entries = new HeaderRecords(checkpoint, PREFIX);
    AgentHeader header =
        new AgentHeader(
            entries.read(TaskHeader.class),
            entries.flag(TRAINS_MODEL) ? entries.read(ModelHeader.class) : null,
            entries.read(PolicyHeader.class),
            entries.read(CriticHeader.class));
    entries.checkLength("termination_low", header.task.terminationLow, header.task.states);
    entries.checkLength("termination_high", header.task.terminationHigh, header.task.states);
    return header;
  }
}
