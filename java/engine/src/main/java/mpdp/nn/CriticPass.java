package mpdp.nn;

import mpdp.backend.Recorder;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** One place where a program evaluates all critics on a batch of states and actions. */
public final class CriticPass {
  private final CriticNetwork critics;
  private final int rows;
  private final MlpPass mlp;
  private final Buffer input;
  private final @Nullable Buffer inputGradient;

  private CriticPass(
      TensorArena arena, CriticNetwork critics, int rows, boolean differentiable, MlpPass mlp) {
    this.critics = critics;
    this.rows = rows;
    this.mlp = mlp;
    long words = (long) rows * (critics.states() + critics.actions());
    this.input = arena.allocate(words);
    this.inputGradient = differentiable ? arena.allocate(words) : null;
  }

  /** A pass whose gradients will be asked for. */
  public static CriticPass differentiable(TensorArena arena, CriticNetwork critics, int rows) {
    MlpPass mlp =
        MlpPass.differentiable(arena, critics.shape(), critics.parameters(), RowMode.SHARED, rows);
    return new CriticPass(arena, critics, rows, true, mlp);
  }

  /** A pass for the values alone. */
  public static CriticPass inference(TensorArena arena, CriticNetwork critics, int rows) {
    MlpPass mlp =
        MlpPass.inference(arena, critics.shape(), critics.parameters(), RowMode.SHARED, rows);
    return new CriticPass(arena, critics, rows, false, mlp);
  }

  /** (critics, rows). */
  public Buffer values() {
    return mlp.output();
  }

  /** The gradient of {@link #values}, to be filled before a backward pass. */
  public Buffer valuesGradient() {
    return mlp.outputGradient();
  }

  public void forward(Recorder recorder, Buffer state, Buffer action, @Nullable Buffer count) {
    recorder.add(
        new Normalize(
            rows,
            critics.states(),
            critics.actions(),
            state,
            action,
            critics.inputMean(),
            critics.inputInvStd(),
            count,
            null,
            input));
    mlp.forward(recorder, input, count);
  }

  /** Parameter gradients of all critics. */
  public void backwardToParameters(
      Recorder recorder,
      @Nullable Buffer count,
      Scratch scratch,
      Buffer parameters,
      boolean accumulate) {
    mlp.backward(
        recorder,
        input,
        count,
        scratch.take(mlp.scratchWords()),
        new MlpPass.Gradients(parameters, accumulate, null, false));
  }

  /** Gradients of state (null: not wanted) and action, both overwritten. */
  public void backwardToInputs(
      Recorder recorder, Scratch scratch, @Nullable Buffer stateGradient, Buffer actionGradient) {
    if (inputGradient == null) {
      throw new IllegalStateException("this pass has no backward pass");
    }
    mlp.backward(
        recorder,
        input,
        null,
        scratch.take(mlp.scratchWords()),
        MlpPass.Gradients.ofInputs(inputGradient));
    recorder.add(
        new NormalizeBackward(
            rows,
            critics.states(),
            critics.actions(),
            false,
            false,
            inputGradient,
            critics.inputInvStd(),
            null,
            null,
            stateGradient,
            actionGradient));
  }
}
