package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.SequenceScore;
import mpdp.backend.op.Termination;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.MlpPass;
import mpdp.nn.Scratch;
import mpdp.rollout.TerminationBounds;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * Step h of candidates' rollouts through every elite, differentiable by the actions. Row e
 * candidates + c is candidate c in elite e, for all steps; predictions are the elites' means.
 */
final class EliteStep {
  private final PlanModel model;
  private final int candidates;
  private final int elites;
  private final int rows;
  private final Buffer state;
  private final Buffer input;
  private final MlpPass prediction;
  private final Buffer next;
  private final Buffer reward;
  private final Buffer done;
  private final Buffer onlyMember;
  private final Buffer choice;
  private final Buffer eps;
  private final Buffer rewardGradient;

  /**
   * @param state (rows, states): where the step begins
   * @param next (rows, states): where it leads
   */
  EliteStep(
      TensorArena arena,
      PlanModel model,
      EliteWeights weights,
      int candidates,
      Buffer state,
      Buffer next) {
    DynamicsEnsemble dynamics = model.dynamics();
    this.model = model;
    this.candidates = candidates;
    this.elites = dynamics.eliteCount();
    this.rows = elites * candidates;
    this.state = state;
    this.next = next;
    this.input = arena.allocate((long) rows * width());
    this.prediction =
        MlpPass.ofFirstMembers(
                arena, dynamics.network().shape(), weights.parameters(), elites, candidates)
            .forInputs()
            .in(dynamics.precision());
    this.reward = arena.allocate(rows);
    this.done = arena.allocate(rows);
    this.onlyMember = arena.allocate(1);
    this.choice = arena.allocate(rows);
    this.eps = arena.allocate((long) rows * dynamics.dimensions());
    this.rewardGradient = arena.allocate(rows);
  }

  private int width() {
    return model.states() + model.actions();
  }

  /** Elite e's part of a (rows, width) matrix. */
  private Buffer part(Buffer matrix, int elite, int width) {
    long words = (long) candidates * width;
    return matrix.slice(elite * words, words);
  }

  /**
   * @param action (candidates, actions)
   * @param site two draw sites, whose draws count for nothing
   */
  void forward(Recorder recorder, Buffer action, PlanEnd end, Buffer random, int site) {
    DynamicsEnsemble dynamics = model.dynamics();
    for (int e = 0; e < elites; e++) {
      recorder.add(
          new Normalize(
              candidates,
              model.states(),
              model.actions(),
              part(state, e, model.states()),
              action,
              dynamics.normalizer().inputMean(),
              dynamics.normalizer().inputInverse(),
              null,
              null,
              part(input, e, width())));
    }
    prediction.forward(recorder, input, null);
    recorder.add(
        new TransitionSample(
            1,
            rows,
            model.states(),
            1,
            site,
            0,
            prediction.output(),
            dynamics.bounds(),
            dynamics.normalizer().outputMean(),
            dynamics.normalizer().outputScale(),
            state,
            onlyMember,
            random,
            null,
            null,
            next,
            reward,
            choice,
            eps));
    score(recorder, end);
  }

  private void score(Recorder recorder, PlanEnd end) {
    TerminationBounds test = model.termination();
    recorder.add(
        new Termination(
            rows, model.states(), test.inclusive(), next, test.low(), test.high(), null, done));
    recorder.add(
        new SequenceScore(
            rows,
            model.states(),
            (float) model.discount(),
            state,
            reward,
            done,
            next,
            end.weight(),
            end.objective(),
            rewardGradient));
  }

  /**
   * @param nextGradient (rows, states)
   * @param inputGradient (rows, states + actions), overwritten
   * @param stateGradient (rows, states), overwritten
   * @param actionGradient (candidates, actions), overwritten: the sum over the elites
   */
  void backward(
      Recorder recorder,
      Buffer nextGradient,
      Scratch scratch,
      Buffer inputGradient,
      Buffer stateGradient,
      Buffer actionGradient) {
    DynamicsEnsemble dynamics = model.dynamics();
    recorder.add(
        new TransitionSampleBackward(
            1,
            rows,
            model.states(),
            0,
            false,
            false,
            prediction.output(),
            dynamics.bounds(),
            dynamics.normalizer().outputScale(),
            choice,
            eps,
            nextGradient,
            rewardGradient,
            null,
            null,
            prediction.outputGradient(),
            stateGradient));
    prediction.backward(
        recorder,
        input,
        null,
        scratch.take(prediction.scratchWords()),
        MlpPass.Gradients.ofInputs(inputGradient));
    for (int e = 0; e < elites; e++) {
      recorder.add(
          new NormalizeBackward(
              candidates,
              model.states(),
              model.actions(),
              true,
              e > 0,
              part(inputGradient, e, width()),
              dynamics.normalizer().inputInverse(),
              null,
              null,
              part(stateGradient, e, model.states()),
              actionGradient));
    }
  }
}
