package mpdp.benchmark.harness;

import mpdp.backend.Program;
import mpdp.backend.op.Adam;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Operation;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.SequenceSample;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.TransitionSample;

/**
 * Seconds that the pieces of a step take where nothing waits for memory.
 *
 * @param flop of a dense layer
 * @param pairedFlop of a dense layer in bf16
 * @param silu of one activation
 * @param normal of one normal draw
 * @param word of one word that Adam updates
 */
record UnitCosts(double flop, double pairedFlop, double silu, double normal, double word) {
  /** Before anything is measured. */
  static final UnitCosts UNKNOWN =
      new UnitCosts(
          Double.POSITIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.POSITIVE_INFINITY);

  /** The lower ones of two measurements: what disturbs a measurement makes it longer. */
  UnitCosts least(UnitCosts other) {
    return new UnitCosts(
        Math.min(flop, other.flop),
        Math.min(pairedFlop, other.pairedFlop),
        Math.min(silu, other.silu),
        Math.min(normal, other.normal),
        Math.min(word, other.word));
  }

  /**
   * The bound that a program, which has run, could attain: seconds of its layers, SiLU activations,
   * normal draws and Adam, one after another. Everything else counts nothing.
   */
  double bound(Program program) {
    double seconds = 0;
    for (Operation operation : program.operations()) {
      seconds += bound(operation) * Cost.present(operation);
    }
    return seconds;
  }

  private double bound(Operation operation) {
    return switch (operation) {
      case MlpForward op ->
          op.flops() * (op.precision() == Precision.BF16 ? pairedFlop : flop)
              + activations(op) * silu;
      case MlpBackward op -> op.flops() * flop;
      case TransitionSample op -> (double) op.rows() * (op.states() + 1) * normal;
      case SquashedGaussian op ->
          op.deterministic() ? 0 : (double) op.rows() * op.actions() * normal;
      case SequenceSample op ->
          (double) (op.rows() - op.first()) * op.steps() * op.actions() * normal;
      case Adam op -> op.words() * word;
      default -> 0;
    };
  }

  private static double activations(MlpForward op) {
    return op.shape().activation() == Activation.SILU
        ? (double) op.rows()
            * (op.mode() == RowMode.ROUTED ? 1 : op.memberCount())
            * op.shape().width()
            * op.shape().layers()
        : 0;
  }
}
