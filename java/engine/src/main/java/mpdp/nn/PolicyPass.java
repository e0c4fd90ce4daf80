package mpdp.nn;

import mpdp.backend.Recorder;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** One place where a program lets one policy act on a batch of states. */
public final class PolicyPass {
  private final PolicyNetwork policy;
  private final int rows;
  private final int site;
  private final boolean deterministic;
  private final MlpPass mlp;
  private final Buffer action;
  private final Buffer logProb;
  private final Buffer eps;
  private final @Nullable Buffer input;
  private final @Nullable Buffer inputGradient;

  private PolicyPass(
      TensorArena arena,
      PolicyNetwork policy,
      int rows,
      int site,
      boolean deterministic,
      MlpPass mlp) {
    this.policy = policy;
    this.rows = rows;
    this.site = site;
    this.deterministic = deterministic;
    this.mlp = mlp;
    this.action = arena.allocate((long) rows * policy.actions());
    this.logProb = arena.allocate(rows);
    this.eps = arena.allocate((long) rows * policy.actions());
    boolean standardised = policy.stateMean() != null;
    this.input = standardised ? arena.allocate((long) rows * policy.states()) : null;
    this.inputGradient = standardised ? arena.allocate((long) rows * policy.states()) : null;
  }

  /** Policy {@code member} samples actions, to be differentiated. */
  public static PolicyPass differentiable(
      TensorArena arena, PolicyNetwork policy, int member, int rows, int site) {
    EnsembleMlp net = policy.network();
    MlpPass mlp = MlpPass.ofMember(arena, net.shape(), net.parameters(), member, rows);
    return new PolicyPass(arena, policy, rows, site, false, mlp);
  }

  /** Policy {@code member} acts: sampled, or the mean when {@code deterministic}. */
  public static PolicyPass inference(
      TensorArena arena,
      PolicyNetwork policy,
      int member,
      int rows,
      int site,
      boolean deterministic) {
    EnsembleMlp net = policy.network();
    MlpPass mlp = MlpPass.inferenceOfMember(arena, net.shape(), net.parameters(), member, rows);
    return new PolicyPass(arena, policy, rows, site, deterministic, mlp);
  }

  /** (rows, actions) in (-1, 1). */
  public Buffer action() {
    return action;
  }

  /** (rows). */
  public Buffer logProb() {
    return logProb;
  }

  /** Acts on all rows, each of which is a root. */
  public void forward(Recorder recorder, Buffer state, Buffer random) {
    forward(recorder, state, random, null, null);
  }

  /**
   * Acts.
   *
   * @param state (rows, states)
   * @param count int32 (1): rows present, or null: all
   * @param root int32 (rows): the start state of each row, by which its draws are numbered, or null
   */
  public void forward(
      Recorder recorder,
      Buffer state,
      Buffer random,
      @Nullable Buffer count,
      @Nullable Buffer root) {
    if (input != null && policy.stateMean() != null && policy.stateInvStd() != null) {
      recorder.add(
          new Normalize(
              rows,
              policy.states(),
              0,
              state,
              null,
              policy.stateMean(),
              policy.stateInvStd(),
              count,
              null,
              input));
    }
    mlp.forward(recorder, input == null ? state : input, count);
    recorder.add(
        new SquashedGaussian(
            rows,
            policy.actions(),
            site,
            deterministic,
            mlp.output(),
            random,
            count,
            root,
            action,
            logProb,
            eps));
  }

  /**
   * From the gradients of action (rows, actions) and log-probability (rows) to those of the
   * policy's parameters and of the state.
   *
   * @param parameters where the policies' gradient goes, or null
   * @param stateGradient (rows, states), added to, or null
   */
  public void backward(
      Recorder recorder,
      Buffer state,
      Buffer actionGradient,
      Buffer logProbGradient,
      @Nullable Buffer count,
      Scratch scratch,
      @Nullable Buffer parameters,
      boolean accumulateParameters,
      @Nullable Buffer stateGradient) {
    recorder.add(
        new SquashedGaussianBackward(
            rows,
            policy.actions(),
            mlp.output(),
            action,
            eps,
            actionGradient,
            logProbGradient,
            count,
            mlp.outputGradient()));
    boolean standardised = inputGradient != null;
    Buffer inputs = stateGradient == null ? null : standardised ? inputGradient : stateGradient;
    mlp.backward(
        recorder,
        input == null ? state : input,
        count,
        scratch.take(mlp.scratchWords()),
        new MlpPass.Gradients(parameters, accumulateParameters, inputs, !standardised));
    if (stateGradient != null && inputGradient != null && policy.stateInvStd() != null) {
      recorder.add(
          new NormalizeBackward(
              rows,
              policy.states(),
              0,
              true,
              false,
              inputGradient,
              policy.stateInvStd(),
              count,
              null,
              stateGradient,
              null));
    }
  }
}
