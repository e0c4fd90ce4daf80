package mpdp.agent;

import mpdp.backend.Recorder;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Polyak;
import mpdp.model.Normalizer;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.Optimizer;
import mpdp.random.RandomStream;
import mpdp.settings.AgentSettings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/** The soft Q-functions, their slowly following targets and their optimizer. */
final class Critics {
  private final EnsembleMlp network;
  private final Buffer target;
  private final Optimizer optimizer;
  private final CriticNetwork online;
  private final CriticNetwork slow;

  Critics(
      TensorArena arena,
      AgentSettings settings,
      int states,
      int actions,
      Normalizer normalizer,
      RandomStream random) {
    MlpShape shape =
        new MlpShape(
            settings.critics(),
            states + actions,
            settings.criticWidth(),
            settings.criticLayers(),
            1,
            MlpShape.Activation.RELU,
            settings.criticNorm());
    network = new EnsembleMlp(arena, shape, 0);
    network.initialize(EnsembleMlp.Initialization.UNIFORM, random);
    target = arena.allocate(network.parameters().words());
    target.write(network.parameters().floats());
    optimizer = new Optimizer(arena, network);
    online = view(normalizer, states, actions, network.parameters());
    slow = view(normalizer, states, actions, target);
  }

  private CriticNetwork view(Normalizer normalizer, int states, int actions, Buffer parameters) {
    return new CriticNetwork(
        network.shape(),
        parameters,
        states,
        actions,
        normalizer.inputMean(),
        normalizer.inputInverse());
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
