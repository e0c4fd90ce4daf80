package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Adds the mean of the present values, weighted once per run, to a running sum: slot = (sum + mean,
 * runs + 1); nothing when no row is present. Non-finite means are not added.
 *
 * @param slot (sum, runs): 2 words
 */
public record Metric(int rows, @In Buffer values, @In @Nullable Buffer count, @InOut Buffer slot)
    implements Operation {

  public Metric {
    Operation.need("values", values, rows);
    Operation.need("count", count, 1);
    Operation.need("slot", slot, 2);
  }

  @Override
  public Op op() {
    return Op.METRIC;
  }

  @Override
  public double flops() {
    return 1.0 * rows;
  }
}
