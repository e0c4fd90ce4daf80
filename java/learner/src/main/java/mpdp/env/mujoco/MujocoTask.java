package mpdp.env.mujoco;

import java.util.Arrays;
import java.util.List;
import mpdp.UsageException;
import mpdp.env.TaskSpec;

/**
 * A task as data: everything but the model file's content. "State" is qpos followed by qvel.
 *
 * @param id the task's name
 * @param model a model file that comes with the program ({@code hopper.xml}), or a path
 * @param bundled whether the model comes with the program
 * @param frameSkip physics steps in one environment step
 * @param maxEpisodeSteps time limit in environment steps
 */
public record MujocoTask(
    String id,
    String model,
    boolean bundled,
    int frameSkip,
    int maxEpisodeSteps,
    Observation observation,
    Reward reward,
    Health health,
    Noise positionNoise,
    Noise velocityNoise) {

  /** Leaves a block out of the observation. */
  public static final int NONE = -1;

  /**
   * What is observed, in this order: qpos, qvel, cinert, cvel, qfrc_actuator, cfrc_ext.
   *
   * @param skipPositions leading entries of qpos left out
   * @param velocityClip qvel is clipped to plus or minus this; infinity: not at all
   * @param firstBody inertias and velocities of bodies from this one on, or {@link #NONE}
   * @param firstActuator actuator forces from this degree of freedom on, or {@link #NONE}
   * @param firstForce external forces on bodies from this one on, or {@link #NONE}
   */
  public record Observation(
      int skipPositions, double velocityClip, int firstBody, int firstActuator, int firstForce) {

    /** Positions and velocities only. */
    public static Observation state(int skipPositions, double velocityClip) {
      return new Observation(skipPositions, velocityClip, NONE, NONE, NONE);
    }
  }

  /** What moves forward: nothing, an entry of qpos, a body, or the centre of mass. */
  public enum Position {
    NONE,
    QPOS,
    BODY,
    CENTRE_OF_MASS
  }

  /**
   * forward x velocity + survive - control x sum u^2 - min(contact x sum f^2, contactMaximum), with
   * f the external forces clipped to plus or minus forceClip (observed clipped, too).
   *
   * @param position what moves forward, along x
   * @param positionIndex which entry of qpos, or which body
   * @param survive reward of a step
   * @param surviveHealthy whether the survive reward is withheld on termination
   */
  public record Reward(
      double forward,
      Position position,
      int positionIndex,
      double control,
      double contact,
      double contactMaximum,
      double forceClip,
      double survive,
      boolean surviveHealthy) {}

  /**
   * Bounds on entries first to last of the state; last = -1 is the last one. Infinite where there
   * is no bound.
   */
  public record Bound(int first, int last, double low, double high) {}

  /**
   * An episode terminates once the state leaves any bound.
   *
   * @param closed whether the bounds themselves are healthy
   * @param finite whether infinities and NaN anywhere in the state end the episode
   */
  public record Health(List<Bound> bounds, boolean closed, boolean finite) {
    public static final Health ALWAYS = new Health(List.of(), true, false);
  }

  /** Noise of a reset: normal with a standard deviation, or uniform within plus or minus it. */
  public record Noise(boolean normal, double scale) {}

  /** The sizes of a compiled model. */
  public record Sizes(int positions, int velocities, int actions, int bodies) {}

  /** Lower (or upper) bounds of the whole state. */
  double[] healthBounds(Sizes sizes, boolean upper) {
    int state = sizes.positions() + sizes.velocities();
    double[] bounds = new double[state];
    Arrays.fill(bounds, upper ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    for (Bound bound : health.bounds()) {
      int last = bound.last() == NONE ? state - 1 : bound.last();
      if (bound.first() < 0 || last >= state || bound.first() > last) {
        throw new UsageException(
            id
                + ": a healthy bound on entries "
                + bound.first()
                + " to "
                + last
                + " of a state of "
                + state
                + " numbers (qpos then qvel)");
      }
      for (int k = bound.first(); k <= last; k++) {
        bounds[k] = upper ? Math.min(bounds[k], bound.high()) : Math.max(bounds[k], bound.low());
      }
    }
    return bounds;
  }

  /** How many numbers are observed. */
  int observationSize(Sizes sizes) {
    int size = sizes.positions() - observation.skipPositions() + sizes.velocities();
    if (observation.firstBody() >= 0) {
      size += 16 * (sizes.bodies() - observation.firstBody());
    }
    if (observation.firstActuator() >= 0) {
      size += sizes.velocities() - observation.firstActuator();
    }
    if (observation.firstForce() >= 0) {
      size += 6 * (sizes.bodies() - observation.firstForce());
    }
    return size;
  }

  /**
   * What a learner must know, with the health bounds carried over to the observed entries.
   *
   * @param maxSteps the time limit, or 0 for the task's own
   * @throws UsageException if a bound is on a position that is not observed
   */
  public TaskSpec spec(Sizes sizes, double stepSeconds, int maxSteps) {
    double[] low = healthBounds(sizes, false);
    double[] high = healthBounds(sizes, true);
    int skip = observation.skipPositions();
    for (int k = 0; k < skip; k++) {
      if (!Double.isInfinite(low[k]) || !Double.isInfinite(high[k])) {
        throw new UsageException(
            id
                + ": a healthy bound on qpos["
                + k
                + "], which skip_positions keeps out of the "
                + "observation; a model could not tell when an episode ends");
      }
    }
    int size = observationSize(sizes);
    float[] observedLow = new float[size];
    float[] observedHigh = new float[size];
    // With open bounds an infinite one already refuses infinities.
    boolean finite = health.finite() && health.closed();
    float none = finite ? Float.MAX_VALUE : Float.POSITIVE_INFINITY;
    for (int j = 0; j < size; j++) {
      int k = j + skip;
      boolean inState = k < low.length;
      observedLow[j] = inState && !Double.isInfinite(low[k]) ? (float) low[k] : -none;
      observedHigh[j] = inState && !Double.isInfinite(high[k]) ? (float) high[k] : none;
    }
    int steps = maxSteps > 0 ? maxSteps : maxEpisodeSteps;
    return new TaskSpec(
        id, size, sizes.actions(), steps, observedLow, observedHigh, health.closed(), stepSeconds);
  }
}
