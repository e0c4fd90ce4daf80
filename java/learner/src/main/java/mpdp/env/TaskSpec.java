package mpdp.env;

/**
 * What a learner must know of a task.
 *
 * <p>A predicted observation o is alive when {@code low[j] < o[j] < high[j]} for every j ({@code
 * <=} if inclusive); bounds are infinite where there are none, and NaN is never alive. The trainer
 * ends imagined episodes with this test, so it holds for observations, not for hidden state.
 *
 * @param id the task's name, for example {@code Hopper-v5}
 * @param observationSize numbers in one observation
 * @param actionSize numbers in one action, each in (-1, 1)
 * @param maxEpisodeSteps steps after which an episode is truncated
 * @param terminationLow (observationSize) lower bounds
 * @param terminationHigh (observationSize) upper bounds
 * @param terminationInclusive whether the bounds themselves are alive
 * @param stepSeconds simulated seconds in one step
 */
public record TaskSpec(
    String id,
    int observationSize,
    int actionSize,
    int maxEpisodeSteps,
    float[] terminationLow,
    float[] terminationHigh,
    boolean terminationInclusive,
    double stepSeconds) {

  /** Whether a predicted observation (observationSize) does not end the episode. */
  public boolean alive(float[] observation) {
    for (int j = 0; j < observationSize; j++) {
      float o = observation[j];
      float low = terminationLow[j];
      float high = terminationHigh[j];
      boolean inside = terminationInclusive ? low <= o && o <= high : low < o && o < high;
      if (!inside) {
        return false;
      }
    }
    return true;
  }

  /** Whether any finite observation ends an episode. */
  public boolean terminates() {
    for (int j = 0; j < observationSize; j++) {
      if (-terminationLow[j] < Float.MAX_VALUE || terminationHigh[j] < Float.MAX_VALUE) {
        return true;
      }
    }
    return false;
  }
}
