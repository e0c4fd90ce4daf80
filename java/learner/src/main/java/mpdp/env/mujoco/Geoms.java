package mpdp.env.mujoco;

/**
 * The geoms of one environment, for pictures.
 *
 * @param type (geoms) MuJoCo's numbers: {@link #PLANE}, {@link #SPHERE}, {@link #CAPSULE}, ...
 * @param size (geoms, 3) radius, then half length along the geom's own z axis
 * @param position (geoms, 3) centres in metres
 * @param orientation (geoms, 3, 3) rotations, row-major
 */
public record Geoms(int[] type, double[] size, double[] position, double[] orientation) {
  public static final int PLANE = 0;
  public static final int SPHERE = 2;
  public static final int CAPSULE = 3;
}
