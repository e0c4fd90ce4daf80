package mpdp.agent;

import mpdp.backend.Recorder;
import mpdp.backend.op.Polyak;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.Normalizer;
import mpdp.nn.Optimizer;
import mpdp.random.RandomStream;
import mpdp.settings.AgentSettings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** The soft Q-functions, their slowly following targets and their optimizer. */
final class Critics {
  private final EnsembleMlp network;
  private final Buffer target;
  private final Optimizer optimizer;
  private final CriticNetwork online;
  private final CriticNetwork slow;

  /**
   * @param normalizer standardises states and actions, or null: critics see them as they are
   */
  Critics(
      TensorArena arena,
      AgentSettings settings,
      int states,
      int actions,
      @Nullable Normalizer normalizer,
      RandomStream random) {
    online = CriticNetwork.create(arena, settings.criticSizes(), states, actions, normalizer);
    network = new EnsembleMlp(arena, online.shape(), online.parameters());
    network.initialize(EnsembleMlp.Initialization.UNIFORM, random);
    target = arena.allocate(network.parameters().words());
    target.write(network.parameters().floats());
    slow = online.with(target);
    optimizer = network.optimizer(arena);
  }

  int count() {
    return network.shape().members();
  }

  /** The critics being trained. */
  CriticNetwork online() {
    return online;
  }

  /** The target critics. */
  CriticNetwork target() {
    return slow;
  }

  Buffer gradients() {
    return network.gradients();
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** One optimizer step on {@link #gradients}, then the targets follow. */
  void step(Recorder recorder, AgentSettings settings) {
    optimizer.step(recorder, settings.criticLearningRate(), settings.gradientClip());
    recorder.add(
        new Polyak(target.words(), (float) settings.targetRate(), network.parameters(), target));
  }

  void visit(StateVisitor visitor) {
    network.visit(visitor);
    visitor.floats("target", target);
    optimizer.visit(visitor);
  }
}
