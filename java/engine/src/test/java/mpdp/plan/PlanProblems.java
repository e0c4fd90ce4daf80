package mpdp.plan;

import java.util.Arrays;
import mpdp.backend.op.MlpShape;
import mpdp.nn.CriticNetwork;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.Normalizer;
import mpdp.nn.PolicyNetwork;
import mpdp.rollout.HandMadeModel;
import mpdp.rollout.TerminationBounds;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/** Small problems with known solutions, whose models are exact. */
final class PlanProblems {
  static final double STEP = 0.2;

  private PlanProblems() {}

  /** A mass (p, v) pushed by a: v' = v + 0.2 a, p' = p + 0.2 v', to be brought to rest at 0. */
  static double[] push(double p, double v, double a) {
    double speed = v + STEP * a;
    double place = p + STEP * speed;
    return new double[] {
      place, speed, -HandMadeModel.bowl(place) - 0.1 * HandMadeModel.bowl(speed)
    };
  }

  /** {@link #push} as a planner's model. */
  static PlanModel pointMass(TensorArena arena, boolean policy) {
    return new PlanModel(
        new HandMadeModel(2, 1, 4)
            .of(0, STEP, STEP * STEP)
            .change(0, 1)
            .of(1, STEP, STEP * STEP)
            .reward(-1)
            .of(0, 1, STEP)
            .reward(-0.1)
            .of(0, 0, STEP)
            .change(1, 1)
            .build(arena, 1e-4),
        bounds(arena, 2, Float.POSITIVE_INFINITY),
        policy ? idlePolicy(arena, 2) : null,
        null,
        1);
  }

  /** A point p' = p + 0.3 a, paid p' in each step, that falls off a cliff at p = {@code edge}. */
  static PlanModel cliff(TensorArena arena, float edge) {
    return new PlanModel(
        new HandMadeModel(1, 1, 2)
            .of(0, 0.3)
            .change(0, 1)
            .of(1, 0.3)
            .change(1, 1)
            .build(arena, 1e-4),
        bounds(arena, 1, edge),
        null,
        null,
        1);
  }

  /** A point p' = p + 0.2 a that is paid nothing; the critics value -bowl(3 p). */
  static PlanModel valued(TensorArena arena) {
    MlpShape shape = new MlpShape(2, 2, 2, 1, 1, MlpShape.Activation.SILU, false);
    Buffer parameters = arena.allocate(shape.parameterWords());
    float[] values = new float[(int) shape.parameterWords()];
    for (int critic = 0; critic < 2; critic++) {
      int first = (int) shape.weights(0) + 4 * critic;
      values[first] = 3;
      values[first + 1] = -3;
      int last = (int) shape.weights(1) + 2 * critic;
      values[last] = -1;
      values[last + 1] = -1;
    }
    parameters.write(values);
    Normalizer identity = Normalizer.identity(arena, 1, 1);
    return new PlanModel(
        new HandMadeModel(1, 1, 1).of(0, STEP).change(0, 1).build(arena, 1e-4),
        bounds(arena, 1, Float.POSITIVE_INFINITY),
        idlePolicy(arena, 1),
        new CriticNetwork(shape, parameters, 1, 1, identity.inputMean(), identity.inputInvStd()),
        0.99);
  }

  /** A policy that knows nothing: its mean is 0 everywhere. */
  static PolicyNetwork idlePolicy(TensorArena arena, int states) {
    MlpShape shape = new MlpShape(1, states, 4, 1, 2, MlpShape.Activation.RELU, false);
    return new PolicyNetwork(new EnsembleMlp(arena, shape, 0), states, 1, null, null);
  }

  private static TerminationBounds bounds(TensorArena arena, int states, float high) {
    float[] lows = new float[states];
    float[] highs = new float[states];
    Arrays.fill(lows, Float.NEGATIVE_INFINITY);
    Arrays.fill(highs, high);
    return TerminationBounds.of(arena, lows, highs, true);
  }
}
