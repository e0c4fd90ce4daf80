package mpdp.theory;

/**
 * Why each step of the plan has a policy of its own: in this process of 3 states and 2 actions the
 * policy that maximises the averaged objective of H = 2 steps, used at both of them, has a lower
 * soft value than the old one at every state.
 */
final class SharedPolicyCounterexample {
  private static final int STATES = 3;
  private static final int GRID = 50;

  private static final double[] TRANSITION = {
    1, 0, 0, 0.4, 0.6, 0, 1, 0, 0, 0.05, 0, 0.95, 0.13, 0.87, 0, 1, 0, 0
  };
  private static final double[] REWARD = {0.8, 2.6, -0.3, -0.1, -0.4, 2.8};
  private static final double[] START = {0.35, 0.645, 0.005};

  static final TabularMdp MDP =
      new TabularMdp(STATES, 2, 0.99, 0.01, TRANSITION, REWARD, new boolean[STATES]);

  private SharedPolicyCounterexample() {}

  /**
   * What the shared objective brings.
   *
   * @param objectiveGain how much the averaged two-step objective rises
   * @param valueChange V_new - V_old at each state
   */
  record Outcome(double objectiveGain, double[] valueChange) {}

  /** Maximises the shared objective over a grid of stationary policies. */
  static Outcome run() {
    double[] oldPolicy = policy(0.96, 0.24, 1e-6);
    double[] old = MDP.evaluate(oldPolicy);
    double[] best = oldPolicy;
    double bestObjective = objective(oldPolicy, old);
    double oldObjective = bestObjective;
    for (int i = 0; i <= GRID; i++) {
      for (int j = 0; j <= GRID; j++) {
        for (int k = 0; k <= GRID; k++) {
          double[] candidate = policy(share(i), share(j), share(k));
          double objective = objective(candidate, old);
          if (objective > bestObjective) {
            bestObjective = objective;
            best = candidate;
          }
        }
      }
    }
    double[] change = MDP.evaluate(best);
    for (int s = 0; s < STATES; s++) {
      change[s] -= old[s];
    }
    return new Outcome(bestObjective - oldObjective, change);
  }

  /** The statement's margin: the value change at the state that suffers least, relative. */
  static double margin() {
    Outcome outcome = run();
    double least = Double.NEGATIVE_INFINITY;
    for (double change : outcome.valueChange()) {
      least = Math.max(least, change);
    }
    return outcome.objectiveGain() > 0 ? least / (1 + TabularMdp.largest(MDP.optimum())) : 0;
  }

  private static double objective(double[] policy, double[] old) {
    double[] value = MDP.backup(policy, MDP.backup(policy, old));
    double mean = 0;
    for (int s = 0; s < STATES; s++) {
      mean += START[s] * value[s];
    }
    return mean;
  }

  /** A grid point, kept off 0 and 1 so that every logarithm is finite. */
  private static double share(int index) {
    return Math.clamp(index / (double) GRID, 1e-9, 1 - 1e-9);
  }

  /** log pi from the probability of the second action at each state. */
  private static double[] policy(double... second) {
    double[] logPolicy = new double[2 * STATES];
    for (int s = 0; s < STATES; s++) {
      logPolicy[2 * s] = Math.log1p(-second[s]);
      logPolicy[2 * s + 1] = Math.log(second[s]);
    }
    return logPolicy;
  }
}
