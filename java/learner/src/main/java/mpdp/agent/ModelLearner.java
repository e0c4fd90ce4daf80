package mpdp.agent;

import mpdp.backend.Backend;
import mpdp.backend.op.Precision;
import mpdp.checkpoint.AgentHeader;
import mpdp.model.DynamicsEnsemble;
import mpdp.random.RandomStream;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.ModelSettings;
import mpdp.settings.Settings;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/** The dynamics ensemble of an agent and its training on all real data. */
final class ModelLearner implements AutoCloseable {
  private final ModelSettings settings;
  private final DynamicsEnsemble model;
  private final ModelTrainer trainer;

  /**
   * @param init the stream that initial weights are drawn from
   */
  ModelLearner(
      Backend backend,
      TensorArena arena,
      Settings settings,
      ReplayBuffer replay,
      int states,
      int actions,
      RandomStream init) {
    this.settings = settings.model();
    this.model =
        new DynamicsEnsemble(arena, states, actions, this.settings.sizes(), this.settings.elites());
    model.initialize(init, this.settings.logVarianceMin(), this.settings.logVarianceMax());
    model.predictIn(
        switch (settings.plan().precision()) {
          case FP32 -> Precision.FP32;
          case BF16 -> Precision.BF16;
        });
    this.trainer = new ModelTrainer(backend, this.settings, model, replay, settings.train().seed());
  }

  DynamicsEnsemble model() {
    return model;
  }

  ModelReport learn() {
    return trainer.train();
  }

  AgentHeader.ModelHeader header() {
    return new AgentHeader.ModelHeader(
        settings.members(), settings.elites(), settings.layers(), settings.width());
  }

  void visit(StateVisitor visitor) {
    model.visit(visitor.within("model"));
    trainer.visit(visitor.within("model_training"));
  }

  @Override
  public void close() {
    trainer.close();
  }
}
