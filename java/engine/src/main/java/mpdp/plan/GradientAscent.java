package mpdp.plan;

/**
 * Adam on the actions of several plans side by side: each is rolled out through every elite of the
 * ensemble and their mean return is differentiated through the model and the critics. The best plan
 * that was seen wins. Plans start as trajectories of the policy (drawn around the last plan where
 * there is none); the last plan, shifted by the step that was taken, is one of them.
 *
 * @param candidates plans optimised side by side, at least 2
 * @param horizon H, steps
 * @param iterations Adam steps
 * @param stepSize of Adam, in units of an action's range (-1, 1)
 * @param initialDeviation of starts that no policy proposes
 */
public record GradientAscent(
    int candidates, int horizon, int iterations, double stepSize, double initialDeviation)
    implements Search {

  public GradientAscent {
    Search.range("candidates", candidates, 2, 1 << 20);
    Search.range("horizon", horizon, 1, 1000);
    Search.range("iterations", iterations, 0, 1000);
    Search.range("step size", stepSize, 0, 2);
    Search.range("initial deviation", initialDeviation, 0, 100);
  }

  /** 16 plans of 5 steps, 10 Adam steps of 0.1. */
  public static GradientAscent defaults() {
    return new GradientAscent(16, 5, 10, 0.1, 0.5);
  }
}
