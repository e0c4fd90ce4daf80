package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.RowMode;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.MlpPass;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** Every member predicts every row; a random elite answers, and the others say how far to trust. */
final class AllMembersPrediction implements Prediction {
  private final RolloutOptions options;
  private final DynamicsEnsemble model;
  private final @Nullable Buffer count;
  private final ModelStep transition;
  private final MlpPass network;
  private final Uncertainty uncertainty;

  AllMembersPrediction(
      TensorArena arena,
      RolloutOptions options,
      DynamicsEnsemble model,
      Buffer state,
      @Nullable Buffer count) {
    this.options = options;
    this.model = model;
    this.count = count;
    int rows = options.rows();
    ModelStep.Heads heads =
        new ModelStep.Heads(model.members(), model.elites(), model.eliteCount());
    this.transition = new ModelStep(arena, model, rows, heads, state, count, null);
    this.network =
        MlpPass.differentiable(
                arena, model.network().shape(), model.network().parameters(), RowMode.SHARED, rows)
            .forInputs()
            .in(model.precision());
    this.uncertainty =
        new Uncertainty(arena.allocate(rows), arena.allocate(rows), arena.allocate(rows));
  }

  @Override
  public void forward(Recorder recorder, Buffer action, Buffer random, int site) {
    transition.normalize(recorder, action);
    network.forward(recorder, transition.input, count);
    transition.sample(recorder, network.output(), random, site);
    recorder.add(
        new Disagreement(
            model.members(),
            options.rows(),
            model.dimensions(),
            options.scale(),
            (float) options.threshold(),
            network.output(),
            model.bounds(),
            count,
            uncertainty.value(),
            uncertainty.penalty()));
  }

  @Override
  public void backward(
      Recorder recorder, RolloutStep.Work work, Buffer rewardGradient, Buffer stateGradient) {
    transition.sampleBackward(
        recorder,
        network.output(),
        work.next(),
        rewardGradient,
        network.outputGradient(),
        stateGradient);
    if (options.penalty() > 0) {
      recorder.add(
          new DisagreementBackward(
              model.members(),
              options.rows(),
              model.dimensions(),
              options.scale(),
              (float) options.threshold(),
              true,
              network.output(),
              model.bounds(),
              uncertainty.penaltyGradient(),
              count,
              network.outputGradient()));
    }
    network.backward(
        recorder,
        transition.input,
        count,
        work.scratch().take(network.scratchWords()),
        MlpPass.Gradients.ofInputs(work.modelInput()));
    transition.normalizeBackward(recorder, work.modelInput(), stateGradient, work.action());
  }

  @Override
  public Buffer next() {
    return transition.next;
  }

  @Override
  public Buffer reward() {
    return transition.reward;
  }

  @Override
  public Uncertainty uncertainty() {
    return uncertainty;
  }
}
