package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.PolicyPass;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Step h of a batch of rollouts: pi_h acts, the ensemble predicts, rows that must stop leave their
 * next state as tail. Rows are compacted, so a step costs what its surviving rows cost.
 */
final class RolloutStep {
  private final RolloutOptions options;
  private final int states;
  private final TerminationBounds termination;
  private final int index;
  final RolloutRows rows;
  final Buffer state;
  final PolicyPass policy;
  final Prediction prediction;
  final Buffer done;
  final Buffer child;
  final RolloutRows nextRows;
  private final Buffer rewardGradient;
  private final Buffer logProbGradient;

  /**
   * @param rows those whose rollouts have not ended
   * @param state (rows, states): where this step starts; written by the step before
   */
  RolloutStep(
      TensorArena arena,
      RolloutOptions options,
      DynamicsEnsemble model,
      TerminationBounds termination,
      int index,
      RolloutRows rows,
      Buffer state,
      PolicyPass policy) {
    this.options = options;
    this.states = model.states();
    this.termination = termination;
    this.index = index;
    this.state = state;
    this.rows = rows;
    this.policy = policy;
    int capacity = rows.capacity();
    this.prediction =
        new Prediction(
            arena, options, model, Prediction.pass(arena, options, model, true), rows, state);
    this.done = arena.allocate(capacity);
    this.child = arena.allocate(capacity);
    this.nextRows = RolloutRows.compacted(arena, capacity);
    this.rewardGradient = arena.allocate(capacity);
    this.logProbGradient = arena.allocate(capacity);
  }

  /** Acts, predicts, scores and advances. The model's draw sites begin at {@code site}. */
  void forward(Recorder recorder, RolloutTail tail, Buffer nextState, Buffer random, int site) {
    policy.forward(recorder, state, random, rows.count());
    prediction.forward(recorder, policy.action(), random, site);
    termination.test(recorder, rows, prediction.next(), done);
    score(recorder, tail);
    advance(recorder, tail, nextState);
  }

  private double discount() {
    return Math.pow(options.discount(), index);
  }

  private void score(Recorder recorder, RolloutTail tail) {
    Prediction.Uncertainty uncertainty = prediction.uncertainty();
    recorder.add(
        new RolloutObjective(
            rows.capacity(),
            options.rows(),
            (float) discount(),
            (float) options.penalty(),
            prediction.reward(),
            policy.logProb(),
            uncertainty == null ? null : uncertainty.penalty(),
            tail.alpha(),
            rows.root(),
            rows.count(),
            tail.objective(),
            rewardGradient,
            logProbGradient,
            uncertainty == null ? null : uncertainty.penaltyGradient()));
  }

  private void advance(Recorder recorder, RolloutTail tail, Buffer nextState) {
    Prediction.Uncertainty uncertainty = prediction.uncertainty();
    recorder.add(
        new RolloutAdvance(
            rows.capacity(),
            options.rows(),
            states,
            index,
            index == options.horizon() - 1,
            (float) options.threshold(),
            (float) (discount() * options.discount()),
            prediction.next(),
            uncertainty == null ? null : uncertainty.value(),
            done,
            rows.root(),
            rows.count(),
            child,
            nextRows.count(),
            nextRows.root(),
            nextState,
            tail.state(),
            tail.weight(),
            tail.length()));
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
    recorder.add(
        new RolloutAdvanceBackward(
            rows.capacity(),
            options.rows(),
            states,
            child,
            rows.root(),
            nextGradient,
            tail.stateGradient(),
            rows.count(),
            work.next()));
    prediction.backward(recorder, work, rewardGradient, stateGradient);
    policy.backward(
        recorder,
        state,
        work.action(),
        logProbGradient,
        rows.count(),
        work.scratch(),
        parameters,
        accumulateParameters,
        first ? null : stateGradient);
  }
}
