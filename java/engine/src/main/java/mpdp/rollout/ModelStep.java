package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.MlpPass;
import mpdp.nn.Scratch;
import mpdp.tensor.Buffer;

/**
 * One step of the learned model, the only place where a program takes one: states and actions are
 * standardised, members of the ensemble predict, next states and rewards are drawn from what they
 * say; and gradients go the same way back.
 */
public final class ModelStep {
  /** Draw sites that a step takes: the elite, and the noise. */
  public static final int SITES = 2;

  private final DynamicsEnsemble model;
  private final EnsemblePass pass;
  private final float noise;
  private final Buffer state;
  private final Buffer next;
  private final Buffer reward;

  /**
   * @param pass who predicts
   * @param sampled draw from the members' distributions, not their means
   * @param state (rows, states): where the step starts
   * @param next (rows, states): receives where it leads
   * @param reward (rows): receives what it earns
   */
  public ModelStep(
      DynamicsEnsemble model,
      EnsemblePass pass,
      boolean sampled,
      Buffer state,
      Buffer next,
      Buffer reward) {
    this.model = model;
    this.pass = pass;
    this.noise = sampled ? 1 : 0;
    this.state = state;
    this.next = next;
    this.reward = reward;
  }

  /** (rows, states). */
  public Buffer next() {
    return next;
  }

  /** (rows). */
  public Buffer reward() {
    return reward;
  }

  /** (heads, rows, 2 (states + 1)): what members say, in places. */
  Buffer heads() {
    return pass.network.output();
  }

  /** The gradient of {@link #heads}, between the two halves of the way back. */
  Buffer headsGradient() {
    return pass.network.outputGradient();
  }

  /**
   * Fills {@link #next} and {@link #reward}.
   *
   * @param action (rows, actions); of one block where blocks of rows share them
   * @param site first of {@link #SITES} draw sites
   */
  public void forward(Recorder recorder, RolloutRows rows, Buffer action, Buffer random, int site) {
    if (pass.routing != null) {
      pass.routing.record(recorder, model, rows, random, site, null);
    }
    normalize(recorder, rows, action);
    pass.network.forward(recorder, pass.input, rows.count());
    sample(recorder, rows, random, site);
  }

  private int blockRows(RolloutRows rows) {
    return rows.capacity() / pass.blocks;
  }

  /** A block's rows of a matrix. */
  private Buffer part(Buffer matrix, int block) {
    if (pass.blocks == 1) {
      return matrix;
    }
    long words = matrix.words() / pass.blocks;
    return matrix.slice(block * words, words);
  }

  private void normalize(Recorder recorder, RolloutRows rows, Buffer action) {
    for (int block = 0; block < pass.blocks; block++) {
      recorder.add(
          new Normalize(
              blockRows(rows),
              model.states(),
              model.actions(),
              part(state, block),
              action,
              model.normalizer().inputMean(),
              model.normalizer().inputInvStd(),
              rows.count(),
              pass.place(),
              part(pass.input, block)));
    }
  }

  private void sample(Recorder recorder, RolloutRows rows, Buffer random, int site) {
    recorder.add(
        new TransitionSample(
            pass.heads,
            rows.capacity(),
            model.states(),
            pass.eliteCount,
            site,
            noise,
            heads(),
            model.bounds(),
            model.normalizer().outputMean(),
            model.normalizer().outputScale(),
            state,
            pass.elites,
            random,
            rows.count(),
            rows.root(),
            pass.place(),
            next,
            reward,
            pass.chosen,
            pass.eps));
  }

  /**
   * From the gradients of next states (rows, states) and rewards (rows) to those of states and
   * actions, both overwritten. Actions that blocks of rows share get the sum over the blocks.
   *
   * @param inputGradient (rows, states + actions): room to work in
   */
  public void backward(
      Recorder recorder,
      RolloutRows rows,
      Buffer nextGradient,
      Buffer rewardGradient,
      Scratch scratch,
      Buffer inputGradient,
      Buffer stateGradient,
      Buffer actionGradient) {
    sampleBackward(recorder, rows, nextGradient, rewardGradient, stateGradient);
    networkBackward(recorder, rows, scratch, inputGradient, stateGradient, actionGradient);
  }

  /** Overwrites {@link #headsGradient}, and {@code stateGradient} with the identity path. */
  void sampleBackward(
      Recorder recorder,
      RolloutRows rows,
      Buffer nextGradient,
      Buffer rewardGradient,
      Buffer stateGradient) {
    recorder.add(
        new TransitionSampleBackward(
            pass.heads,
            rows.capacity(),
            model.states(),
            noise,
            false,
            false,
            heads(),
            model.bounds(),
            model.normalizer().outputScale(),
            pass.chosen,
            pass.eps,
            nextGradient,
            rewardGradient,
            rows.count(),
            pass.place(),
            headsGradient(),
            stateGradient));
  }

  /** Adds to {@code stateGradient} and overwrites {@code actionGradient}. */
  void networkBackward(
      Recorder recorder,
      RolloutRows rows,
      Scratch scratch,
      Buffer inputGradient,
      Buffer stateGradient,
      Buffer actionGradient) {
    MlpPass network = pass.network;
    network.backward(
        recorder,
        pass.input,
        rows.count(),
        scratch.take(network.scratchWords()),
        MlpPass.Gradients.ofInputs(inputGradient));
    for (int block = 0; block < pass.blocks; block++) {
      recorder.add(
          new NormalizeBackward(
              blockRows(rows),
              model.states(),
              model.actions(),
              true,
              block > 0,
              part(inputGradient, block),
              model.normalizer().inputInvStd(),
              rows.count(),
              pass.place(),
              part(stateGradient, block),
              actionGradient));
    }
  }
}
