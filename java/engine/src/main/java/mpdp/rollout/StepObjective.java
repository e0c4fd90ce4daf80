package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** What a step adds to the objective of its rollouts, and the way back through the step. */
final class StepObjective {
  private final RolloutOptions options;
  private final RolloutStep step;
  private final Buffer rewardGradient;
  private final Buffer logProbGradient;

  StepObjective(TensorArena arena, RolloutOptions options, RolloutStep step) {
    this.options = options;
    this.step = step;
    this.rewardGradient = arena.allocate(options.rows());
    this.logProbGradient = arena.allocate(options.rows());
  }

  /** Adds g^h (r - alpha log pi - beta penalty) to the objective of each row's root. */
  void forward(Recorder recorder, RolloutTail tail) {
    Prediction.Uncertainty uncertainty = step.prediction().uncertainty();
    RolloutRows rows = step.rows();
    recorder.add(
        new RolloutObjective(
            rows.capacity(),
            options.rows(),
            (float) step.discount(),
            (float) options.penalty(),
            step.reward(),
            step.logProb(),
            uncertainty == null ? null : uncertainty.penalty(),
            tail.alpha(),
            rows.root(),
            rows.count(),
            tail.objective(),
            rewardGradient,
            logProbGradient,
            uncertainty == null ? null : uncertainty.penaltyGradient()));
  }

  /**
   * Backpropagates through the step.
   *
   * @param nextGradient gradient of the following step's start states, or null after the last step
   * @param work gradients that live within one step
   * @param stateGradient receives the gradient of this step's start states
   * @param first nobody needs {@code stateGradient} beyond the model's own path
   */
  void backward(
      Recorder recorder,
      RolloutTail tail,
      @Nullable Buffer nextGradient,
      Prediction.Work work,
      Buffer stateGradient,
      boolean first,
      Buffer parameters,
      boolean accumulateParameters) {
    RolloutRows rows = step.rows();
    recorder.add(
        new RolloutAdvanceBackward(
            rows.capacity(),
            options.rows(),
            step.prediction().states(),
            step.child(),
            rows.root(),
            nextGradient,
            tail.stateGradient(),
            rows.count(),
            work.next()));
    step.prediction().backward(recorder, work, rewardGradient, stateGradient);
    step.policy()
        .backward(
            recorder,
            step.state(),
            work.action(),
            logProbGradient,
            rows.count(),
            work.scratch(),
            parameters,
            accumulateParameters,
            first ? null : stateGradient);
  }
}
