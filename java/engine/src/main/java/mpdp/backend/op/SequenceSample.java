package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * Draws action sequences around a plan: for rows {@code first .. rows - 1}, sequence[h, row, j] =
 * clamp(mean[h, j] + deviation[h, j] eps, -1, 1) with the normal of element (h rows + row) actions
 * + j at site. Rows before {@code first} are left as they are.
 *
 * @param steps H, steps of a sequence
 * @param random the random state, see {@link Draws}
 * @param mean (steps, actions)
 * @param deviation (steps, actions)
 * @param sequence (steps, rows, actions)
 */
public record SequenceSample(
    int rows,
    int steps,
    int actions,
    int first,
    int site,
    @In Buffer random,
    @In Buffer mean,
    @In Buffer deviation,
    @InOut Buffer sequence)
    implements Operation {

  public SequenceSample {
    Operation.positive("steps", steps);
    if (first < 0 || first >= rows) {
      throw new IllegalArgumentException("first is " + first + " of " + rows + " rows");
    }
    Operation.need("random", random, Draws.WORDS);
    Operation.need("mean", mean, (long) steps * actions);
    Operation.need("deviation", deviation, (long) steps * actions);
    Operation.need("sequence", sequence, (long) steps * rows * actions);
  }

  @Override
  public Op op() {
    return Op.SEQUENCE_SAMPLE;
  }

  @Override
  public double flops() {
    return 30.0 * steps * (rows - first) * actions;
  }
}
