package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One Adam step (0.9, 0.999, 1e-8) on log alpha for SAC's temperature loss -log alpha (mean logProb
 * + targetEntropy). Does nothing when no row is present or the mean is not finite.
 *
 * @param state (alpha, log alpha, first moment, second moment, steps): {@link #WORDS}
 */
public record TemperatureStep(
    int rows,
    float targetEntropy,
    float learningRate,
    @In Buffer logProb,
    @In @Nullable Buffer count,
    @InOut Buffer state)
    implements Operation {
  /** Words of {@code state}. */
  public static final int WORDS = 5;

  public TemperatureStep {
    Operation.need("logProb", logProb, rows);
    Operation.need("count", count, 1);
    Operation.need("state", state, WORDS);
  }

  @Override
  public Op op() {
    return Op.TEMPERATURE_STEP;
  }

  @Override
  public double flops() {
    return 1.0 * rows;
  }
}
