package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.model.DynamicsEnsemble;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** How a step of a rollout asks the ensemble, and how gradients return through its answer. */
sealed interface Prediction permits AllMembersPrediction, EliteRowsPrediction {

  /** What the options ask for: every member where there is to be an uncertainty. */
  static Prediction of(
      TensorArena arena,
      RolloutOptions options,
      DynamicsEnsemble model,
      Buffer state,
      @Nullable Buffer count) {
    return options.uncertainty()
        ? new AllMembersPrediction(arena, options, model, state, count)
        : new EliteRowsPrediction(arena, options.rows(), model, state, count);
  }

  /**
   * Predicts from the step's states and {@code action}.
   *
   * @param action (rows, actions)
   * @param site first of two draw sites: member, noise
   */
  void forward(Recorder recorder, Buffer action, Buffer random, int site);

  /**
   * From the gradients of next states ({@code work.next()}), rewards and penalties to {@code
   * work.action()} and {@code stateGradient}, both overwritten.
   *
   * @param rewardGradient (rows)
   * @param stateGradient (rows, states)
   */
  void backward(
      Recorder recorder, RolloutStep.Work work, Buffer rewardGradient, Buffer stateGradient);

  /** (rows, states). */
  Buffer next();

  /** (rows). */
  Buffer reward();

  /** Null where it is not computed. */
  @Nullable Uncertainty uncertainty();

  /**
   * How much the members disagree.
   *
   * @param value u (rows)
   * @param penalty (rows)
   * @param penaltyGradient (rows), to be filled before the way back
   */
  record Uncertainty(Buffer value, Buffer penalty, Buffer penaltyGradient) {}
}
