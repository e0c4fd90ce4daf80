package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One op applied to operands: a record whose components are, in the order in which native code
 * receives them, buffers ({@link In}, {@link Out} or {@link InOut}; null where optional), integers
 * (int, boolean, enum ordinal, {@link MlpShape} in its component order) and numbers (float). The
 * constructor checks sizes, so that a recorded operation can never reach outside its buffers,
 * provided that index operands hold what their op documents.
 *
 * <p>Conventions of all ops: matrices are row-major float32. {@code rows} is the capacity of a
 * batch; where a {@code count} operand (one int32) is given, only the first {@code min(rows,
 * count[0])} rows exist in this run (none when it is negative), strides stay {@code rows}, and the
 * rest of every output is left as it is. Gradients are overwritten unless an {@code accumulate}
 * flag says otherwise. Results are the same bits for every number of worker threads.
 */
public sealed interface Operation
    permits Adam,
        Advance,
        Clamp,
        Copy,
        CriticLoss,
        CriticTarget,
        Disagreement,
        DisagreementBackward,
        ExpansionTarget,
        Fill,
        GatherRows,
        GaussianNll,
        GradientClip,
        Metric,
        MlpBackward,
        MlpForward,
        ModelGather,
        Normalize,
        NormalizeBackward,
        Polyak,
        ReplayGather,
        ReplayMoments,
        RestartStates,
        RolloutAdvance,
        RolloutAdvanceBackward,
        RolloutObjective,
        RouteRows,
        SequenceGather,
        SequenceRefit,
        SequenceSample,
        SequenceScore,
        SquashedGaussian,
        SquashedGaussianBackward,
        TailValue,
        TemperatureStep,
        Termination,
        TransitionSample,
        TransitionSampleBackward {
  /** This op's entry in the table. */
  Op op();

  /** Floating-point operations of one run with all rows present. */
  double flops();

  /** Bytes moved at least (each operand once). */
  default double bytes() {
    return OpEncoding.of(this).operandBytes();
  }

  /** Throws unless {@code buffer} has at least {@code words} words. */
  static void need(String name, @Nullable Buffer buffer, long words) {
    if (buffer != null && buffer.words() < words) {
      throw new IllegalArgumentException(
          name + " has " + buffer.words() + " words, but this op needs " + words);
    }
  }

  /** Throws unless {@code value} is positive. */
  static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
