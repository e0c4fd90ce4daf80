package mpdp.backend.reference;

import mpdp.backend.op.UncertaintyScale;
import mpdp.tensor.Buffer;

/**
 * One row and dimension of an ensemble, and the KL divergence of every member i from the
 * moment-matched mixture of the others; see {@link mpdp.backend.op.Disagreement}.
 */
final class OneVersusRest {
  private final int members;
  final GaussianHead[] heads;
  private final double[] restMean;
  private final double[] restVariance;

  OneVersusRest(
      Buffer heads, Buffer bounds, int members, int rows, int dimensions, int row, int d) {
    this.members = members;
    this.heads = new GaussianHead[members];
    this.restMean = new double[members];
    this.restVariance = new double[members];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < members; i++) {
      this.heads[i] = GaussianHead.read(heads, bounds, dimensions, (long) i * rows + row, d);
      sum += this.heads[i].mean();
      squares += second(i);
    }
    for (int i = 0; i < members; i++) {
      restMean[i] = (sum - this.heads[i].mean()) / (members - 1);
      restVariance[i] = (squares - second(i)) / (members - 1) - restMean[i] * restMean[i];
    }
  }

  private double second(int i) {
    return heads[i].variance() + heads[i].mean() * heads[i].mean();
  }

  /** The sum over members of their divergences. */
  double divergence() {
    double sum = 0;
    for (int i = 0; i < members; i++) {
      double distance = heads[i].mean() - restMean[i];
      sum +=
          (Math.log(restVariance[i])
                  - heads[i].logVariance()
                  + (heads[i].variance() + distance * distance) / restVariance[i]
                  - 1)
              / 2;
    }
    return sum;
  }

  /** Derivative of {@link #divergence} by member {@code j}'s mean. */
  double byMean(int j) {
    double gradient = (heads[j].mean() - restMean[j]) / restVariance[j];
    for (int i = 0; i < members; i++) {
      if (i != j) {
        double byRestMean = -(heads[i].mean() - restMean[i]) / restVariance[i];
        double spread = 2 * (heads[j].mean() - restMean[i]);
        gradient += (byRestMean + byRestVariance(i) * spread) / (members - 1);
      }
    }
    return gradient;
  }

  /** Derivative of {@link #divergence} by member {@code j}'s raw log-variance. */
  double byRaw(int j) {
    double gradient = (1 / restVariance[j] - 1 / heads[j].variance()) / 2;
    for (int i = 0; i < members; i++) {
      if (i != j) {
        gradient += byRestVariance(i) / (members - 1);
      }
    }
    return gradient * heads[j].variance() * heads[j].byRaw();
  }

  /** Derivative of KL_i by the variance of the others' mixture. */
  private double byRestVariance(int i) {
    double distance = heads[i].mean() - restMean[i];
    double ratio = (heads[i].variance() + distance * distance) / restVariance[i];
    return (1 - ratio) / (2 * restVariance[i]);
  }

  /** u of a row from the sum of all its divergences over {@code terms} members x dimensions. */
  static double uncertainty(UncertaintyScale scale, double sum, int terms) {
    return scale == UncertaintyScale.RAW ? sum : Math.log(sum / terms + 1e-8);
  }

  /** Derivative of the penalty by the sum of the row's divergences. */
  static double penaltySlope(UncertaintyScale scale, double threshold, double sum, int terms) {
    if (scale == UncertaintyScale.RAW) {
      return 1;
    }
    double u = uncertainty(scale, sum, terms);
    return Smooth.sigmoid(u - threshold) / (sum / terms + 1e-8) / terms;
  }
}
