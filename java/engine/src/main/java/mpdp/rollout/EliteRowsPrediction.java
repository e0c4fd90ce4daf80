package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.RouteRows;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.MlpPass;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Each row's elite is drawn first, and no other member predicts the row. Rows are sorted by member
 * within the network's batch alone. The draws are those of {@link AllMembersPrediction}, so the
 * same elite answers with the same noise.
 */
final class EliteRowsPrediction implements Prediction {
  private final DynamicsEnsemble model;
  private final int rows;
  private final @Nullable Buffer count;
  private final Buffer order;
  private final Buffer place;
  private final Buffer offsets;
  private final Buffer members;
  private final ModelStep transition;
  private final MlpPass network;

  EliteRowsPrediction(
      TensorArena arena, int rows, DynamicsEnsemble model, Buffer state, @Nullable Buffer count) {
    this.model = model;
    this.rows = rows;
    this.count = count;
    this.order = arena.allocate(rows);
    this.place = arena.allocate(rows);
    this.offsets = arena.allocate(model.members() + 1);
    this.members = arena.allocate(rows);
    // A routed row has one head: an ensemble of one, whose elite is number 0.
    ModelStep.Heads heads = new ModelStep.Heads(1, arena.allocate(1), 1);
    this.transition = new ModelStep(arena, model, rows, heads, state, count, place);
    this.network =
        MlpPass.routed(arena, model.network().shape(), model.network().parameters(), offsets, rows)
            .in(model.precision());
  }

  @Override
  public void forward(Recorder recorder, Buffer action, Buffer random, int site) {
    recorder.add(
        new RouteRows(
            model.members(),
            rows,
            model.eliteCount(),
            site,
            model.elites(),
            random,
            count,
            null,
            null,
            order,
            place,
            offsets,
            members));
    transition.normalize(recorder, action);
    network.forward(recorder, transition.input, null);
    transition.sample(recorder, network.output(), random, site);
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
    network.backward(
        recorder,
        transition.input,
        null,
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
  public @Nullable Uncertainty uncertainty() {
    return null;
  }
}
