package mpdp.theory;

import mpdp.random.RandomStream;

/** Seeded random processes, policies, stopping rules and uncertainties of many kinds. */
final class RandomMdps {
  private static final double[] DISCOUNTS = {0.5, 0.8, 0.9, 0.95, 0.99};
  private static final double[] TEMPERATURES = {0.05, 0.2, 1};
  private static final double[] SHARPNESS = {0.3, 1, 3, 6};
  private static final double[] STOPPING = {0.1, 0.3, 0.6};
  private static final double[] UNCERTAINTY = {0.1, 1, 3};
  private static final int MOST_STATES = 8;
  private static final int MOST_ACTIONS = 4;
  private static final double REWARD_SCALE = 2;

  private final RandomStream random;

  RandomMdps(RandomStream random) {
    this.random = random;
  }

  /**
   * A process of 2 to 8 states and 2 to 4 actions: dense, sparse or deterministic transitions;
   * rewards of both signs, all positive or all negative; in a third of them terminal states.
   */
  TabularMdp mdp() {
    int states = 2 + random.nextInt(MOST_STATES - 1);
    int actions = 2 + random.nextInt(MOST_ACTIONS - 1);
    int successors = new int[] {1, Math.min(2, states), states}[random.nextInt(3)];
    double[] transition = new double[states * actions * states];
    for (int sa = 0; sa < states * actions; sa++) {
      fillRow(transition, sa * states, states, successors);
    }
    boolean[] terminal = new boolean[states];
    if (random.nextInt(3) == 0) {
      for (int i = 1 + random.nextInt(states - 1); i > 0; i--) {
        terminal[random.nextInt(states)] = true;
      }
    }
    return new TabularMdp(
        states,
        actions,
        one(DISCOUNTS),
        one(TEMPERATURES),
        transition,
        rewards(states * actions),
        terminal);
  }

  /** Puts a uniform random distribution over {@code successors} distinct states into one row. */
  private void fillRow(double[] transition, int offset, int states, int successors) {
    double sum = 0;
    for (int chosen = 0; chosen < successors; ) {
      int to = random.nextInt(states);
      if (transition[offset + to] == 0) {
        double weight = -Math.log(1 - random.nextDouble()) + Double.MIN_NORMAL;
        transition[offset + to] = weight;
        sum += weight;
        chosen++;
      }
    }
    for (int to = 0; to < states; to++) {
      transition[offset + to] /= sum;
    }
  }

  private double[] rewards(int count) {
    double[] rewards = new double[count];
    int sign = random.nextInt(3) - 1;
    for (int i = 0; i < count; i++) {
      double draw = REWARD_SCALE * random.nextGaussian();
      rewards[i] = sign == 0 ? draw : sign * Math.abs(draw);
    }
    return rewards;
  }

  /** A random policy between nearly uniform and nearly deterministic, as log pi, shape (S, A). */
  double[] policy(TabularMdp mdp) {
    double sharpness = one(SHARPNESS);
    double[] preference = new double[mdp.states() * mdp.actions()];
    for (int i = 0; i < preference.length; i++) {
      preference[i] = mdp.alpha() * sharpness * random.nextGaussian();
    }
    return mdp.boltzmann(preference);
  }

  /** Which (s,a) end an imagined rollout, shape (S, A). */
  boolean[] stops(TabularMdp mdp) {
    double share = one(STOPPING);
    boolean[] stops = new boolean[mdp.states() * mdp.actions()];
    for (int i = 0; i < stops.length; i++) {
      stops[i] = random.nextDouble() < share;
    }
    return stops;
  }

  /** A non-negative model uncertainty u(s,a), shape (S, A). */
  double[] uncertainty(TabularMdp mdp) {
    double scale = one(UNCERTAINTY);
    double[] uncertainty = new double[mdp.states() * mdp.actions()];
    for (int i = 0; i < uncertainty.length; i++) {
      uncertainty[i] = scale * random.nextDouble();
    }
    return uncertainty;
  }

  private double one(double[] choices) {
    return choices[random.nextInt(choices.length)];
  }
}
