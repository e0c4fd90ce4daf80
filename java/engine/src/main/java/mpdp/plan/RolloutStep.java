package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.Termination;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.MlpPass;
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
  private final PlanOptions options;
  private final DynamicsEnsemble model;
  private final TerminationTest termination;
  private final int index;
  private final @Nullable Buffer count;
  private final @Nullable Buffer root;
  final Buffer state;
  final PolicyPass policy;
  private final Buffer modelInput;
  private final MlpPass prediction;
  final Buffer next;
  final Buffer reward;
  private final Buffer chosen;
  private final Buffer eps;
  final Buffer uncertainty;
  private final Buffer penalty;
  final Buffer done;
  final Buffer child;
  final Buffer nextCount;
  final Buffer nextRoot;
  private final Buffer rewardGradient;
  private final Buffer logProbGradient;
  private final Buffer penaltyGradient;

  /**
   * @param state (rows, states): where this step starts; written by the step before
   * @param count rows present, or null for all
   * @param root each row's start state, or null for the identity
   */
  RolloutStep(
      TensorArena arena,
      PlanOptions options,
      DynamicsEnsemble model,
      TerminationTest termination,
      int index,
      Buffer state,
      @Nullable Buffer count,
      @Nullable Buffer root,
      PolicyPass policy) {
    this.options = options;
    this.model = model;
    this.termination = termination;
    this.index = index;
    this.state = state;
    this.count = count;
    this.root = root;
    this.policy = policy;
    int rows = options.rows();
    this.modelInput = arena.allocate((long) rows * (model.states() + model.actions()));
    this.prediction =
        MlpPass.differentiable(
            arena, model.network().shape(), model.network().parameters(), RowMode.SHARED, rows);
    this.next = arena.allocate((long) rows * model.states());
    this.reward = arena.allocate(rows);
    this.chosen = arena.allocate(rows);
    this.eps = arena.allocate((long) rows * model.dimensions());
    this.uncertainty = arena.allocate(rows);
    this.penalty = arena.allocate(rows);
    this.done = arena.allocate(rows);
    this.child = arena.allocate(rows);
    this.nextCount = arena.allocate(1);
    this.nextRoot = arena.allocate(rows);
    this.rewardGradient = arena.allocate(rows);
    this.logProbGradient = arena.allocate(rows);
    this.penaltyGradient = arena.allocate(rows);
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
    predict(recorder, random, site);
    boolean last = index == options.horizon() - 1;
    double discount = Math.pow(options.discount(), index);
    recorder.add(
        new RolloutObjective(
            options.rows(),
            options.rows(),
            (float) discount,
            (float) options.penalty(),
            reward,
            policy.logProb(),
            penalty,
            tail.alpha(),
            root,
            count,
            tail.objective(),
            rewardGradient,
            logProbGradient,
            penaltyGradient));
    recorder.add(
        new RolloutAdvance(
            options.rows(),
            options.rows(),
            model.states(),
            index,
            last,
            (float) options.threshold(),
            (float) (discount * options.discount()),
            next,
            uncertainty,
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

  private void predict(Recorder recorder, Buffer random, int site) {
    int rows = options.rows();
    recorder.add(
        new Normalize(
            rows,
            model.states(),
            model.actions(),
            state,
            policy.action(),
            model.normalizer().inputMean(),
            model.normalizer().inputInverse(),
            count,
            null,
            modelInput));
    prediction.forward(recorder, modelInput, count);
    recorder.add(
        new TransitionSample(
            model.members(),
            rows,
            model.states(),
            model.eliteCount(),
            site,
            1,
            prediction.output(),
            model.bounds(),
            model.normalizer().outputMean(),
            model.normalizer().outputScale(),
            state,
            model.elites(),
            random,
            count,
            null,
            next,
            reward,
            chosen,
            eps));
    recorder.add(
        new Disagreement(
            model.members(),
            rows,
            model.dimensions(),
            options.scale(),
            (float) options.threshold(),
            prediction.output(),
            model.bounds(),
            count,
            uncertainty,
            penalty));
    recorder.add(
        new Termination(
            rows,
            model.states(),
            termination.inclusive(),
            next,
            termination.low(),
            termination.high(),
            count,
            done));
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
            model.states(),
            child,
            root,
            nextGradient,
            tail.stateGradient(),
            count,
            work.next()));
    backwardThroughModel(recorder, work, stateGradient);
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

  private void backwardThroughModel(Recorder recorder, Work work, Buffer stateGradient) {
    int rows = options.rows();
    recorder.add(
        new TransitionSampleBackward(
            model.members(),
            rows,
            model.states(),
            1,
            false,
            false,
            prediction.output(),
            model.bounds(),
            model.normalizer().outputScale(),
            chosen,
            eps,
            work.next(),
            rewardGradient,
            count,
            null,
            prediction.outputGradient(),
            stateGradient));
    if (options.penalty() > 0) {
      recorder.add(
          new DisagreementBackward(
              model.members(),
              rows,
              model.dimensions(),
              options.scale(),
              (float) options.threshold(),
              true,
              prediction.output(),
              model.bounds(),
              penaltyGradient,
              count,
              prediction.outputGradient()));
    }
    prediction.backward(
        recorder,
        modelInput,
        count,
        work.scratch().take(prediction.scratchWords()),
        MlpPass.Gradients.ofInputs(work.modelInput()));
    recorder.add(
        new NormalizeBackward(
            rows,
            model.states(),
            model.actions(),
            true,
            false,
            work.modelInput(),
            model.normalizer().inputInverse(),
            count,
            null,
            stateGradient,
            work.action()));
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
