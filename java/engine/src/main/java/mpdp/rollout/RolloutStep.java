package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.backend.op.Termination;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.PolicyPass;
import mpdp.nn.Scratch;
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
  private final @Nullable Buffer count;
  private final @Nullable Buffer root;
  final Buffer state;
  final PolicyPass policy;
  final Prediction prediction;
  final Buffer done;
  final Buffer child;
  final Buffer nextCount;
  final Buffer nextRoot;
  private final Buffer rewardGradient;
  private final Buffer logProbGradient;

  /**
   * @param state (rows, states): where this step starts; written by the step before
   * @param count rows present, or null for all
   * @param root each row's start state, or null for the identity
   */
  RolloutStep(
      TensorArena arena,
      RolloutOptions options,
      DynamicsEnsemble model,
      TerminationBounds termination,
      int index,
      Buffer state,
      @Nullable Buffer count,
      @Nullable Buffer root,
      PolicyPass policy) {
    this.options = options;
    this.states = model.states();
    this.termination = termination;
    this.index = index;
    this.state = state;
    this.count = count;
    this.root = root;
    this.policy = policy;
    int rows = options.rows();
    this.prediction = Prediction.of(arena, options, model, state, count);
    this.done = arena.allocate(rows);
    this.child = arena.allocate(rows);
    this.nextCount = arena.allocate(1);
    this.nextRoot = arena.allocate(rows);
    this.rewardGradient = arena.allocate(rows);
    this.logProbGradient = arena.allocate(rows);
  }

  @Nullable Buffer count() {
    return count;
  }

  @Nullable Buffer root() {
    return root;
  }

  /** Acts, predicts, scores and advances. Uses draw sites {@code site} and {@code site + 1}. */
  void forward(Recorder recorder, RolloutTail tail, Buffer nextState, Buffer random, int site) {
    policy.forward(recorder, state, random, count);
    prediction.forward(recorder, policy.action(), random, site);
    recorder.add(
        new Termination(
            options.rows(),
            states,
            termination.inclusive(),
            prediction.next(),
            termination.low(),
            termination.high(),
            count,
            done));
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
            options.rows(),
            options.rows(),
            (float) discount(),
            (float) options.penalty(),
            prediction.reward(),
            policy.logProb(),
            uncertainty == null ? null : uncertainty.penalty(),
            tail.alpha(),
            root,
            count,
            tail.objective(),
            rewardGradient,
            logProbGradient,
            uncertainty == null ? null : uncertainty.penaltyGradient()));
  }

  private void advance(Recorder recorder, RolloutTail tail, Buffer nextState) {
    Prediction.Uncertainty uncertainty = prediction.uncertainty();
    recorder.add(
        new RolloutAdvance(
            options.rows(),
            options.rows(),
            states,
            index,
            index == options.horizon() - 1,
            (float) options.threshold(),
            (float) (discount() * options.discount()),
            prediction.next(),
            uncertainty == null ? null : uncertainty.value(),
            done,
            root,
            count,
            child,
            nextCount,
            nextRoot,
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
      Work work,
      Buffer stateGradient,
      boolean first,
      Buffer parameters,
      boolean accumulateParameters) {
    recorder.add(
        new RolloutAdvanceBackward(
            options.rows(),
            options.rows(),
            states,
            child,
            root,
            nextGradient,
            tail.stateGradient(),
            count,
            work.next()));
    prediction.backward(recorder, work, rewardGradient, stateGradient);
    policy.backward(
        recorder,
        state,
        work.action(),
        logProbGradient,
        count,
        work.scratch(),
        parameters,
        accumulateParameters,
        first ? null : stateGradient);
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
}
