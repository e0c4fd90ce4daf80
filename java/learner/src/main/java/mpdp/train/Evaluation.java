package mpdp.train;

import java.util.Arrays;

/**
 * What an evaluation measured.
 *
 * @param returns undiscounted return of each episode
 * @param lengths steps of each episode
 * @param actionsPerSecond actions chosen in a second, acting and stepping together
 */
public record Evaluation(double[] returns, int[] lengths, double actionsPerSecond) {

  /** Mean return. */
  public double mean() {
    return Arrays.stream(returns).average().orElse(Double.NaN);
  }

  /** Standard deviation of the returns over the episodes. */
  public double standardDeviation() {
    double mean = mean();
    return Math.sqrt(
        Arrays.stream(returns).map(r -> (r - mean) * (r - mean)).average().orElse(Double.NaN));
  }
}
