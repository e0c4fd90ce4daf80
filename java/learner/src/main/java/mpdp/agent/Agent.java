package mpdp.agent;

import java.util.SequencedMap;
import mpdp.backend.Backend;
import mpdp.checkpoint.AgentHeader;
import mpdp.env.TaskSpec;
import mpdp.plan.PolicyRunner;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.Settings;
import mpdp.tensor.StateVisitor;

/**
 * An algorithm that learns from experience: whoever acts adds to {@link #replay}, and calls {@link
 * #learnModel} and {@link #update} as often as the settings say.
 */
public sealed interface Agent extends AutoCloseable permits SacAgent, MpdpAgent {

  /** A fresh agent of the settings' algorithm, initialised from the settings' seed. */
  static Agent create(Backend backend, Settings settings, TaskSpec task) {
    return switch (settings.train().algorithm()) {
      case SAC -> new SacAgent(backend, settings, task);
      case MPDP -> new MpdpAgent(backend, settings, task);
    };
  }

  /** Experience. */
  ReplayBuffer replay();

  /** The policy acting in {@code rows} environments, sampled or with its mean. */
  PolicyRunner controller(int rows, boolean deterministic);

  /** Fits to all experience what the updates take as given: the normaliser, and any model. */
  ModelReport learnModel();

  /** One update of critics, policies, targets and temperature. Needs experience to draw from. */
  void update();

  /** Means since the last call, and counts of skipped updates. */
  SequencedMap<String, Double> metrics();

  /** How the agent is built, for those who load its checkpoints without its settings. */
  AgentHeader header();

  /** Visits everything that training changes, the replay buffer aside. */
  void visit(StateVisitor visitor);

  @Override
  void close();
}
