package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.Scratch;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * How a step of a rollout asks the ensemble. Where there is to be an uncertainty, every member
 * predicts every row: a random elite answers, and the others say how far to trust it. Otherwise
 * only the elite that answers a row predicts it. Draws are the same either way.
 */
final class Prediction {
  private final DynamicsEnsemble model;
  private final RolloutRows rows;
  private final int site;
  private final ModelStep step;
  private final @Nullable UncertaintyOptions options;
  private final @Nullable Uncertainty uncertainty;

  /**
   * How much the members disagree.
   *
   * @param value u (rows)
   * @param penalty (rows)
   * @param penaltyGradient (rows), to be filled before the way back
   */
  record Uncertainty(Buffer value, Buffer penalty, Buffer penaltyGradient) {
    private static Uncertainty of(TensorArena arena, int rows) {
      return new Uncertainty(arena.allocate(rows), arena.allocate(rows), arena.allocate(rows));
    }
  }

  /**
   * @param pass of {@link #pass}
   * @param state (rows, states): where the step starts
   * @param site first of {@link ModelStep#SITES} draw sites
   */
  Prediction(
      TensorArena arena,
      RolloutOptions options,
      DynamicsEnsemble model,
      EnsemblePass pass,
      RolloutRows rows,
      Buffer state,
      int site) {
    this.model = model;
    this.rows = rows;
    this.site = site;
    this.options = options.uncertainty();
    this.step =
        new ModelStep(
            model,
            pass,
            true,
            state,
            arena.allocate((long) rows.capacity() * model.states()),
            arena.allocate(rows.capacity()));
    this.uncertainty = this.options == null ? null : Uncertainty.of(arena, rows.capacity());
  }

  /** What the options ask for: every member where there is to be an uncertainty. */
  static EnsemblePass pass(
      TensorArena arena, RolloutOptions options, DynamicsEnsemble model, boolean differentiable) {
    return options.uncertainty() == null
        ? EnsemblePass.ofDrawnElites(arena, model, options.rows(), differentiable)
        : EnsemblePass.ofAllMembers(arena, model, options.rows(), differentiable);
  }

  int states() {
    return model.states();
  }

  /** (rows, states). */
  Buffer next() {
    return step.next();
  }

  /** (rows). */
  Buffer reward() {
    return step.reward();
  }

  /** Null where it is not computed. */
  @Nullable Uncertainty uncertainty() {
    return uncertainty;
  }

  /**
   * Predicts from the step's states and {@code action}.
   *
   * @param action (rows, actions)
   */
  void forward(Recorder recorder, Buffer action, Buffer random) {
    step.forward(recorder, rows, action, random, site);
    if (options != null && uncertainty != null) {
      recorder.add(
          new Disagreement(
              model.members(),
              rows.capacity(),
              model.dimensions(),
              options.scale(),
              (float) options.threshold(),
              step.heads(),
              model.bounds(),
              rows.count(),
              uncertainty.value(),
              uncertainty.penalty()));
    }
  }

  /** Gradient buffers that all steps of a rollout take turns to use. */
  record Work(Buffer next, Buffer modelInput, Buffer action, Scratch scratch) {
    static Work of(TensorArena arena, int rows, DynamicsEnsemble model, Scratch scratch) {
      return new Work(
          arena.allocate((long) rows * model.states()),
          arena.allocate((long) rows * (model.states() + model.actions())),
          arena.allocate((long) rows * model.actions()),
          scratch);
    }
  }

  /**
   * From the gradients of next states ({@code work.next()}), rewards and penalties to {@code
   * work.action()} and {@code stateGradient}, both overwritten.
   *
   * @param rewardGradient (rows)
   * @param stateGradient (rows, states)
   */
  void backward(Recorder recorder, Work work, Buffer rewardGradient, Buffer stateGradient) {
    step.sampleBackward(recorder, rows, work.next(), rewardGradient, stateGradient);
    if (options != null && uncertainty != null && options.penalty() > 0) {
      recorder.add(
          new DisagreementBackward(
              model.members(),
              rows.capacity(),
              model.dimensions(),
              options.scale(),
              (float) options.threshold(),
              true,
              step.heads(),
              model.bounds(),
              uncertainty.penaltyGradient(),
              rows.count(),
              step.headsGradient()));
    }
    step.networkBackward(
        recorder, rows, work.scratch(), work.modelInput(), stateGradient, work.action());
  }
}
