package mpdp.backend.harness;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.Adam;
import mpdp.backend.op.Advance;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Operation;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/** A policy update on a made-up gradient: every kind of op that a training step has. */
public final class PolicyStep {
  private static final int ROWS = 16;
  private static final int ACTIONS = 2;
  private static final MlpShape POLICY =
      new MlpShape(1, 5, 24, 2, 2 * ACTIONS, MlpShape.Activation.SILU, true);

  private final Buffer parameters;
  private final Buffer action;
  private final Buffer eps;
  private final Buffer random;
  private final List<Operation> operations = new ArrayList<>();

  /** With parameters of its own; draws from {@code seed}. */
  public PolicyStep(TensorArena arena, int seed) {
    long words = POLICY.parameterWords();
    parameters = filled(arena, words, 0.3);
    random = arena.allocate(4);
    random.write(seed, 2, 0, 0);
    action = arena.allocate(ROWS * ACTIONS);
    eps = arena.allocate(ROWS * ACTIONS);
    Buffer x = filled(arena, (long) ROWS * POLICY.inputs(), 1);
    Buffer tape = arena.allocate(POLICY.tapeWords(1, ROWS));
    Buffer head = arena.allocate(2L * ROWS * ACTIONS);
    Buffer dHead = arena.allocate(2L * ROWS * ACTIONS);
    Buffer gradients = arena.allocate(words);
    Buffer clip = arena.allocate(GradientClip.WORDS);
    RowMode mode = RowMode.SHARED;
    operations.add(new MlpForward(POLICY, ROWS, mode, 0, 1, x, parameters, null, null, tape, head));
    operations.add(
        new SquashedGaussian(ROWS, ACTIONS, 1, false, head, random, null, null, action, null, eps));
    operations.add(
        new SquashedGaussianBackward(
            ROWS, ACTIONS, head, action, eps, action, filled(arena, ROWS, 1), null, dHead));
    operations.add(
        new MlpBackward(
            POLICY,
            ROWS,
            mode,
            0,
            1,
            false,
            false,
            x,
            parameters,
            tape,
            dHead,
            null,
            null,
            arena.allocate(POLICY.scratchWords(1, ROWS)),
            gradients,
            null));
    operations.add(new GradientClip(words, 0.5f, gradients, clip));
    operations.add(
        new Adam(
            words,
            1e-2f,
            0.9f,
            0.999f,
            1e-8f,
            0,
            gradients,
            clip,
            parameters,
            arena.allocate(words),
            arena.allocate(words)));
    operations.add(new Advance(random));
  }

  private static Buffer filled(TensorArena arena, long words, double scale) {
    float[] values = new float[Math.toIntExact(words)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * Math.sin(1 + 12.9898 * i));
    }
    Buffer buffer = arena.allocate(words);
    buffer.write(values);
    return buffer;
  }

  /** The ops of a step, in order. */
  public List<Operation> operations() {
    return operations;
  }

  public Buffer parameters() {
    return parameters;
  }

  public Buffer action() {
    return action;
  }

  public Buffer eps() {
    return eps;
  }

  /** Seed, stream and how many steps have drawn from them. */
  public Buffer random() {
    return random;
  }
}
