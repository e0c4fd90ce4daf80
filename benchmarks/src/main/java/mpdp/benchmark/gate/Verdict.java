package mpdp.benchmark.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One benchmark of the base against the same one of the working tree.
 *
 * @param launches ops of a step, base and working tree
 * @param bytes operand bytes of a step, base and working tree
 * @param baseInstructions instructions of a step where they could be counted
 */
record Verdict(
    Timing timing,
    int[] launches,
    double[] bytes,
    OptionalLong baseInstructions,
    OptionalLong instructions) {
  /** What counts as worse, beyond the measured noise. */
  private static final double TOLERANCE = 0.05;

  /** More instructions, launches or bytes are paid for by a step that is this much faster. */
  private static final double PAID = 0.98;

  /** Instructions of the working tree over those of the base, or NaN. */
  double instructionRatio() {
    return baseInstructions.isPresent() && instructions.isPresent()
        ? (double) instructions.getAsLong() / baseInstructions.getAsLong()
        : Double.NaN;
  }

  /** Why the gate is shut; empty when it is open. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (timing.ratio() > 1 + TOLERANCE + timing.noise()) {
      faults.add("slower");
    }
    if (timing.ratio() > PAID) {
      if (instructionRatio() > 1 + TOLERANCE) {
        faults.add("more instructions");
      }
      if (launches[1] > launches[0]) {
        faults.add("more launches");
      }
      if (bytes[1] > bytes[0] * (1 + TOLERANCE)) {
        faults.add("more bytes");
      }
    }
    return faults;
  }
}
