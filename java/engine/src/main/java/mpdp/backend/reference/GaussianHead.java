package mpdp.backend.reference;

import mpdp.tensor.Buffer;

/**
 * One (mean, raw log-variance) output of an ensemble and its soft clamp: lv1 = max - softplus(max -
 * raw), lv = min + softplus(lv1 - min).
 *
 * @param mean the mean
 * @param logVariance the clamped log-variance lv
 * @param byRaw d lv / d raw
 * @param byMax d lv / d max
 * @param byMin d lv / d min
 */
record GaussianHead(double mean, double logVariance, double byRaw, double byMax, double byMin) {

  /**
   * Reads dimension {@code d} of one row.
   *
   * @param heads (members, rows, 2 dimensions)
   * @param bounds max (dimensions), then min (dimensions)
   * @param row member x rows + row
   */
  static GaussianHead read(Buffer heads, Buffer bounds, int dimensions, long row, int d) {
    long at = row * 2 * dimensions + d;
    double max = Operands.get(bounds, d);
    double min = Operands.get(bounds, dimensions + d);
    double raw = Operands.get(heads, at + dimensions);
    double lv1 = max - Smooth.softplus(max - raw);
    double lv = min + Smooth.softplus(lv1 - min);
    double belowMax = Smooth.sigmoid(max - raw);
    double aboveMin = Smooth.sigmoid(lv1 - min);
    return new GaussianHead(
        Operands.get(heads, at), lv, aboveMin * belowMax, aboveMin * (1 - belowMax), 1 - aboveMin);
  }

  double variance() {
    return Math.exp(logVariance);
  }

  double deviation() {
    return Math.exp(logVariance / 2);
  }
}
