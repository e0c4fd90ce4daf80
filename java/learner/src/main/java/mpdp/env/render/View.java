package mpdp.env.render;

/**
 * Where the camera looks from: orthographic, with picture x to the right and picture y up, in
 * metres.
 *
 * @param yaw turn about the vertical, radians; 0 looks along y, so that x points right
 * @param tilt how far the camera looks down, radians; 0 is a side view, pi / 2 is from above
 */
record View(double yaw, double tilt) {
  static final View SIDE = new View(0, 0);
  static final View ABOVE = new View(0, Math.PI / 2);
  static final View OBLIQUE = new View(Math.toRadians(-25), Math.toRadians(20));

  /** How far a body must reach out of a plane to need another view. */
  private static final double FLAT = 0.02;

  /** From the side for what moves in the x-z plane, from above for x-y, else obliquely. */
  static View of(double[] capsules) {
    if (reach(capsules, 1) < FLAT) {
      return SIDE;
    }
    return reach(capsules, 2) < FLAT ? ABOVE : OBLIQUE;
  }

  /** The extent along one axis. */
  private static double reach(double[] capsules, int axis) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int at = 0; at < capsules.length; at += 7) {
      low = Math.min(low, Math.min(capsules[at + axis], capsules[at + 3 + axis]));
      high = Math.max(high, Math.max(capsules[at + axis], capsules[at + 3 + axis]));
    }
    return high - low;
  }

  double right(double x, double y) {
    return x * Math.cos(yaw) + y * Math.sin(yaw);
  }

  double up(double x, double y, double z) {
    return z * Math.cos(tilt) + away(x, y) * Math.sin(tilt);
  }

  /** Larger is nearer. */
  double depth(double x, double y, double z) {
    return z * Math.sin(tilt) - away(x, y) * Math.cos(tilt);
  }

  private double away(double x, double y) {
    return y * Math.cos(yaw) - x * Math.sin(yaw);
  }
}
