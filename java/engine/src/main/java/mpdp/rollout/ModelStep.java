package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;
import mpdp.model.DynamicsEnsemble;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the network in a step of the model: states and actions become its input, its heads
 * become next states and rewards, and gradients go the same way back.
 */
final class ModelStep {
  private final DynamicsEnsemble model;
  private final int rows;
  private final Heads heads;
  private final Buffer state;
  private final @Nullable Buffer count;
  private final @Nullable Buffer place;
  private final Buffer chosen;
  private final Buffer eps;

  /** (rows, states + actions), in places. */
  final Buffer input;

  /** (rows, states). */
  final Buffer next;

  /** (rows). */
  final Buffer reward;

  /**
   * Which heads the network has.
   *
   * @param members heads of each row
   * @param elites int32 (eliteCount): those that a row's answer is drawn from
   */
  record Heads(int members, Buffer elites, int eliteCount) {}

  /**
   * @param state (rows, states): where the step starts
   * @param count rows present, or null for all
   * @param place int32 (rows): where each row is in the network's batch, or null: at itself
   */
  ModelStep(
      TensorArena arena,
      DynamicsEnsemble model,
      int rows,
      Heads heads,
      Buffer state,
      @Nullable Buffer count,
      @Nullable Buffer place) {
    this.model = model;
    this.rows = rows;
    this.heads = heads;
    this.state = state;
    this.count = count;
    this.place = place;
    this.input = arena.allocate((long) rows * (model.states() + model.actions()));
    this.next = arena.allocate((long) rows * model.states());
    this.reward = arena.allocate(rows);
    this.chosen = arena.allocate(rows);
    this.eps = arena.allocate((long) rows * model.dimensions());
  }

  /** Fills {@link #input}. */
  void normalize(Recorder recorder, Buffer action) {
    recorder.add(
        new Normalize(
            rows,
            model.states(),
            model.actions(),
            state,
            action,
            model.normalizer().inputMean(),
            model.normalizer().inputInverse(),
            count,
            place,
            input));
  }

  /** Fills {@link #next} and {@link #reward}. */
  void sample(Recorder recorder, Buffer output, Buffer random, int site) {
    recorder.add(
        new TransitionSample(
            heads.members(),
            rows,
            model.states(),
            heads.eliteCount(),
            site,
            1,
            output,
            model.bounds(),
            model.normalizer().outputMean(),
            model.normalizer().outputScale(),
            state,
            heads.elites(),
            random,
            count,
            place,
            next,
            reward,
            chosen,
            eps));
  }

  /** Overwrites {@code outputGradient}, and {@code stateGradient} with the identity path. */
  void sampleBackward(
      Recorder recorder,
      Buffer output,
      Buffer nextGradient,
      Buffer rewardGradient,
      Buffer outputGradient,
      Buffer stateGradient) {
    recorder.add(
        new TransitionSampleBackward(
            heads.members(),
            rows,
            model.states(),
            1,
            false,
            false,
            output,
            model.bounds(),
            model.normalizer().outputScale(),
            chosen,
            eps,
            nextGradient,
            rewardGradient,
            count,
            place,
            outputGradient,
            stateGradient));
  }

  /** Adds to {@code stateGradient} and overwrites {@code actionGradient}. */
  void normalizeBackward(
      Recorder recorder, Buffer inputGradient, Buffer stateGradient, Buffer actionGradient) {
    recorder.add(
        new NormalizeBackward(
            rows,
            model.states(),
            model.actions(),
            true,
            false,
            inputGradient,
            model.normalizer().inputInverse(),
            count,
            place,
            stateGradient,
            actionGradient));
  }
}
