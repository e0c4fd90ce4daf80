package mpdp.theory;

import java.util.Arrays;

/**
 * A finite Markov decision process with its soft (entropy-regularised) operators, in double
 * precision. Policies are arrays of log pi(a|s); a terminal state has value 0 under every operator.
 *
 * @param states number of states S
 * @param actions number of actions A
 * @param discount g in (0, 1)
 * @param alpha temperature, positive
 * @param transition P(s'|s,a), shape (S, A, S)
 * @param reward r(s,a), shape (S, A)
 * @param terminal which states end an episode, shape (S)
 */
record TabularMdp(
    int states,
    int actions,
    double discount,
    double alpha,
    double[] transition,
    double[] reward,
    boolean[] terminal) {

  private static final int MOST_ITERATIONS = 100_000;

  /** The same process with another reward, shape (S, A). */
  TabularMdp withReward(double[] other) {
    return new TabularMdp(states, actions, discount, alpha, transition, other, terminal);
  }

  /** r + g P V, shape (S, A). */
  double[] actionValues(double[] value) {
    double[] q = new double[states * actions];
    for (int sa = 0; sa < q.length; sa++) {
      double next = 0;
      for (int to = 0; to < states; to++) {
        next += transition[sa * states + to] * value[to];
      }
      q[sa] = reward[sa] + discount * next;
    }
    return q;
  }

  /** alpha logsumexp(q / alpha) over the actions: the best soft value, shape (S). */
  double[] softMaximum(double[] q) {
    double[] value = new double[states];
    for (int s = 0; s < states; s++) {
      value[s] = terminal[s] ? 0 : softMaximum(q, s);
    }
    return value;
  }

  private double softMaximum(double[] q, int s) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int a = 0; a < actions; a++) {
      largest = Math.max(largest, q[s * actions + a]);
    }
    double sum = 0;
    for (int a = 0; a < actions; a++) {
      sum += Math.exp((q[s * actions + a] - largest) / alpha);
    }
    return largest + alpha * Math.log(sum);
  }

  /** log softmax(q / alpha): the policy that attains {@link #softMaximum}, shape (S, A). */
  double[] boltzmann(double[] q) {
    double[] logPolicy = new double[states * actions];
    for (int s = 0; s < states; s++) {
      double normaliser = softMaximum(q, s);
      for (int a = 0; a < actions; a++) {
        logPolicy[s * actions + a] = (q[s * actions + a] - normaliser) / alpha;
      }
    }
    return logPolicy;
  }

  /** T* V = alpha logsumexp((r + g P V) / alpha). */
  double[] optimalBackup(double[] value) {
    return softMaximum(actionValues(value));
  }

  /** T_pi V = E_pi[r + g P V - alpha log pi]. */
  double[] backup(double[] logPolicy, double[] value) {
    double[] q = actionValues(value);
    for (int sa = 0; sa < q.length; sa++) {
      q[sa] -= alpha * logPolicy[sa];
    }
    return expectation(logPolicy, q);
  }

  /** E_pi[x(s,a)] at each state that is not terminal, shape (S). */
  double[] expectation(double[] logPolicy, double[] x) {
    double[] mean = new double[states];
    for (int s = 0; s < states; s++) {
      for (int a = 0; a < actions && !terminal[s]; a++) {
        int sa = s * actions + a;
        mean[s] += Math.exp(logPolicy[sa]) * x[sa];
      }
    }
    return mean;
  }

  /** The policy's exact soft value: the solution of (I - g P_pi) V = r_pi. */
  double[] evaluate(double[] logPolicy) {
    double[][] system = new double[states][states + 1];
    double[] immediate = backup(logPolicy, new double[states]);
    for (int s = 0; s < states; s++) {
      system[s][s] = 1;
      system[s][states] = immediate[s];
      for (int a = 0; a < actions && !terminal[s]; a++) {
        int sa = s * actions + a;
        double weight = discount * Math.exp(logPolicy[sa]);
        for (int to = 0; to < states; to++) {
          system[s][to] -= weight * transition[sa * states + to];
        }
      }
    }
    return solve(system);
  }

  /** Gauss-Jordan elimination; the matrix is diagonally dominant, so no pivoting is needed. */
  private static double[] solve(double[][] system) {
    int n = system.length;
    for (int column = 0; column < n; column++) {
      double[] pivot = system[column];
      for (int row = 0; row < n; row++) {
        double factor = row == column ? 0 : system[row][column] / pivot[column];
        for (int k = column; k <= n && factor != 0; k++) {
          system[row][k] -= factor * pivot[k];
        }
      }
    }
    double[] solution = new double[n];
    Arrays.setAll(solution, i -> system[i][n] / system[i][i]);
    return solution;
  }

  /** V*, the fixed point of T*, by value iteration to the last digits. */
  double[] optimum() {
    double[] value = new double[states];
    for (int i = 0; i < MOST_ITERATIONS; i++) {
      double[] next = optimalBackup(value);
      double change = distance(next, value);
      value = next;
      if (change <= 1e-14 * (1 + largest(value))) {
        break;
      }
    }
    return value;
  }

  /** The largest absolute value. */
  static double largest(double[] x) {
    double largest = 0;
    for (double value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** The largest absolute difference. */
  static double distance(double[] x, double[] y) {
    double distance = 0;
    for (int i = 0; i < x.length; i++) {
      distance = Math.max(distance, Math.abs(x[i] - y[i]));
    }
    return distance;
  }

  /** The least of x - y: negative where x is smaller somewhere. */
  static double lead(double[] x, double[] y) {
    double lead = Double.POSITIVE_INFINITY;
    for (int i = 0; i < x.length; i++) {
      lead = Math.min(lead, x[i] - y[i]);
    }
    return lead;
  }
}
