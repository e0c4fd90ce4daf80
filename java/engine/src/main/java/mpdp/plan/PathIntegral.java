package mpdp.plan;

/**
 * Model predictive path integral control seeded by the policy and ended by the critics, as in
 * TD-MPC2 (Hansen, Su and Wang, "TD-MPC2: Scalable, Robust World Models for Continuous Control",
 * 2024): part of the samples are trajectories of the policy, elites are weighted by exp(temperature
 * (score - best score)), and a plan's last state is worth the least critic at an action of the
 * policy. What the {@link PlanModel} lacks of policy and critics is left out.
 *
 * @param samples sequences in an iteration, the policy's included
 * @param horizon H, steps
 * @param iterations draws and refits
 * @param particles imagined rollouts of each sequence; a single one follows its members' means,
 *     because a lucky draw is no better plan
 * @param elites best sequences, which the plan is refitted to
 * @param policyTrajectories sequences that the policy proposes
 * @param temperature of the elites' weights, as TD-MPC2 uses it: a factor
 * @param momentum share of the old mean and deviation that a refit keeps
 * @param initialDeviation of every action before the first refit
 * @param minDeviation below which no refit goes
 */
public record PathIntegral(
    int samples,
    int horizon,
    int iterations,
    int particles,
    int elites,
    int policyTrajectories,
    double temperature,
    double momentum,
    double initialDeviation,
    double minDeviation)
    implements Search {

  public PathIntegral {
    Search.range("samples", samples, 1, 1 << 20);
    Search.range("horizon", horizon, 1, 1000);
    Search.range("iterations", iterations, 1, 1000);
    Search.range("particles", particles, 1, 1 << 20);
    Search.range("elites", elites, 1, samples);
    Search.range("policy trajectories", policyTrajectories, 0, samples - 1);
    Search.range("temperature", temperature, 0, 1e6);
    Search.range("momentum", momentum, 0, 1);
    Search.range("initial deviation", initialDeviation, 0, 100);
    Search.range("least deviation", minDeviation, 0, initialDeviation);
  }

  /** 512 samples of 3 steps, 24 of them the policy's, 64 elites, 6 iterations. */
  public static PathIntegral defaults() {
    return new PathIntegral(512, 3, 6, 1, 64, 24, 0.5, 0, 2, 0.05);
  }

  Sampling sampling() {
    return new Sampling(
        samples,
        horizon,
        iterations,
        particles,
        elites,
        policyTrajectories,
        temperature,
        momentum,
        initialDeviation,
        minDeviation,
        false,
        true);
  }
}
