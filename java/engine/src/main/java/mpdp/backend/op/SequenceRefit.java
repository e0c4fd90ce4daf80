package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * Fits a plan to the best of its samples (CEM and MPPI). score[row] is the mean over particles p of
 * objective[p, row], or -infinity where that is not finite. The {@code elites} rows of the highest
 * score, the earlier one on ties, weigh w = exp(sharpness (score - highest score)), or 0 where
 * their score is -infinity; with W their sum,
 *
 * <pre>
 * fit       = sum w sequence[h, row, j] / W
 * spread    = sqrt(sum w (sequence[h, row, j] - fit)^2 / W)
 * mean      = momentum mean + (1 - momentum) fit
 * deviation = clamp(momentum deviation + (1 - momentum) spread, minDeviation, maxDeviation)
 * </pre>
 *
 * Where no score is finite, mean and deviation stay as they are.
 *
 * @param sharpness 0 weighs all elites alike, which is CEM
 * @param objective (particles, rows)
 * @param sequence (steps, rows, actions)
 * @param mean (steps, actions)
 * @param deviation (steps, actions)
 * @param score (rows)
 * @param elite int32 (elites): the chosen rows, best first
 */
public record SequenceRefit(
    int rows,
    int particles,
    int steps,
    int actions,
    int elites,
    float sharpness,
    float momentum,
    float minDeviation,
    float maxDeviation,
    @In Buffer objective,
    @In Buffer sequence,
    @InOut Buffer mean,
    @InOut Buffer deviation,
    @Out Buffer score,
    @Out Buffer elite)
    implements Operation {

  public SequenceRefit {
    Operation.positive("particles", particles);
    if (elites < 1 || elites > rows) {
      throw new IllegalArgumentException("elites is " + elites + " of " + rows + " rows");
    }
    Operation.need("objective", objective, (long) particles * rows);
    Operation.need("sequence", sequence, (long) steps * rows * actions);
    Operation.need("mean", mean, (long) steps * actions);
    Operation.need("deviation", deviation, (long) steps * actions);
    Operation.need("score", score, rows);
    Operation.need("elite", elite, elites);
  }

  @Override
  public Op op() {
    return Op.SEQUENCE_REFIT;
  }

  @Override
  public double flops() {
    return (double) rows * (particles + rows) + 5.0 * elites * steps * actions;
  }
}
