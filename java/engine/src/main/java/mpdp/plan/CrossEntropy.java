package mpdp.plan;

/**
 * The cross-entropy method on the model alone, as in PETS (Chua et al., "Deep Reinforcement
 * Learning in a Handful of Trials using Probabilistic Dynamics Models", 2018): draw sequences
 * around a plan, refit it to the best ones, again and again. It starts from the last plan, shifted
 * by the step that was taken. Needs neither policy nor critics.
 *
 * @param population sequences drawn in an iteration
 * @param horizon H, steps
 * @param iterations draws and refits
 * @param particles imagined rollouts of each sequence
 * @param eliteShare share of the population that the plan is refitted to
 * @param momentum share of the old mean and deviation that a refit keeps
 * @param initialDeviation of every action before the first refit
 * @param minDeviation below which no refit goes
 * @param keepMember each particle stays with one member of the ensemble (TS-infinity) instead of
 *     drawing one at every step (TS-1)
 */
public record CrossEntropy(
    int population,
    int horizon,
    int iterations,
    int particles,
    double eliteShare,
    double momentum,
    double initialDeviation,
    double minDeviation,
    boolean keepMember)
    implements Search {

  public CrossEntropy {
    Search.range("population", population, 1, 1 << 20);
    Search.range("horizon", horizon, 1, 1000);
    Search.range("iterations", iterations, 1, 1000);
    Search.range("particles", particles, 1, 1 << 20);
    Search.range("elite share", eliteShare, 0, 1);
    Search.range("momentum", momentum, 0, 1);
    Search.range("initial deviation", initialDeviation, 0, 100);
    Search.range("least deviation", minDeviation, 0, initialDeviation);
  }

  /** 350 sequences of 15 steps, 20 particles, 5 iterations, 10 % elites. */
  public static CrossEntropy defaults() {
    return new CrossEntropy(350, 15, 5, 20, 0.1, 0.1, 0.5, 0.05, false);
  }

  Sampling sampling() {
    int elites = Math.max(1, (int) Math.round(eliteShare * population));
    return new Sampling(
        population,
        horizon,
        iterations,
        particles,
        elites,
        0,
        0,
        momentum,
        initialDeviation,
        minDeviation,
        keepMember,
        false);
  }
}
