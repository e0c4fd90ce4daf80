package mpdp.env.mujoco;

/**
 * The geoms of one environment, for pictures.
 *
 * @param type (geoms) MuJoCo's numbers: plane 0, height field 1, sphere 2, capsule 3, ellipsoid 4,
 *     cylinder 5, box 6, mesh 7
 * @param size (geoms, 3) radius and half length, or half sizes
 * @param position (geoms, 3) centres in metres
 * @param orientation (geoms, 3, 3) rotations, row-major
 */
record Geoms(int[] type, double[] size, double[] position, double[] orientation) {
  private static final int SPHERE = 2;
  private static final int CAPSULE = 3;
  private static final int CYLINDER = 5;
  private static final int BOX = 6;

  /** (capsules, 7) two ends and a radius for each geom that can be drawn so. */
  double[] capsules() {
    int drawn = 0;
    for (int one : type) {
      drawn += drawable(one) ? 1 : 0;
    }
    double[] capsules = new double[7 * drawn];
    int at = 0;
    for (int g = 0; g < type.length; g++) {
      if (drawable(type[g])) {
        write(g, capsules, 7 * at++);
      }
    }
    return capsules;
  }

  /** Planes are the ground; meshes and height fields have no size to go by. */
  private static boolean drawable(int type) {
    return type >= SPHERE && type <= BOX;
  }

  private void write(int g, double[] out, int at) {
    int axis = longAxis(g);
    double radius = size[3 * g];
    double half = type[g] == CAPSULE ? size[3 * g + 1] : 0;
    if (type[g] == CYLINDER) {
      half = Math.max(0, size[3 * g + 1] - radius);
    } else if (type[g] > CAPSULE) {
      radius = Math.min(size[3 * g], Math.min(size[3 * g + 1], size[3 * g + 2]));
      half = Math.max(0, size[3 * g + axis] - radius);
    }
    for (int k = 0; k < 3; k++) {
      double along = half * orientation[9 * g + 3 * k + axis];
      out[at + k] = position[3 * g + k] - along;
      out[at + 3 + k] = position[3 * g + k] + along;
    }
    out[at + 6] = radius;
  }

  /** A capsule's and a cylinder's axis is z; the others have half sizes along three axes. */
  private int longAxis(int g) {
    if (type[g] <= CAPSULE || type[g] == CYLINDER) {
      return 2;
    }
    int axis = 0;
    for (int k = 1; k < 3; k++) {
      axis = size[3 * g + k] > size[3 * g + axis] ? k : axis;
    }
    return axis;
  }
}
