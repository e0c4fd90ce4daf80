package mpdp.env.classic;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import mpdp.env.BatchSimulator;
import mpdp.env.TaskOptions;
import mpdp.env.TaskSpec;
import mpdp.random.RandomStream;

/**
 * Gymnasium's {@code Pendulum-v1}: swing up a pole and hold it upright with little torque. The
 * angle theta is 0 upright; the observation is (cos theta, sin theta, theta'); nothing terminates.
 */
public final class Pendulum implements BatchSimulator {
  public static final String ID = "Pendulum-v1";

  private static final double GRAVITY = 10;
  private static final double MASS = 1;
  private static final double LENGTH = 1;
  private static final double DT = 0.05;
  private static final double MAX_TORQUE = 2;
  private static final double MAX_SPEED = 8;
  private static final int EPISODE_STEPS = 200;

  private final TaskSpec spec;
  private final int count;
  private final double[] angle;
  private final double[] speed;

  public Pendulum(TaskOptions options, int count) {
    this.spec = spec(options);
    this.count = count;
    this.angle = new double[count];
    this.speed = new double[count];
  }

  /** What a learner must know of the task. */
  public static TaskSpec spec(TaskOptions options) {
    float[] low = new float[3];
    float[] high = new float[3];
    Arrays.fill(low, Float.NEGATIVE_INFINITY);
    Arrays.fill(high, Float.POSITIVE_INFINITY);
    int steps = options.maxEpisodeSteps() > 0 ? options.maxEpisodeSteps() : EPISODE_STEPS;
    return new TaskSpec(ID, 3, 1, steps, low, high, true, DT);
  }

  @Override
  public void reset(int index, RandomStream random, MemorySegment observation) {
    angle[index] = Math.PI * (2 * random.nextDouble() - 1);
    speed[index] = 2 * random.nextDouble() - 1;
    observe(index, observation, 0);
  }

  /** Puts one pole at an angle (radians) and speed (radians per second). */
  public void place(int index, double angle, double speed) {
    this.angle[index] = angle;
    this.speed[index] = speed;
  }

  @Override
  public void step(
      MemorySegment actions,
      MemorySegment observations,
      MemorySegment rewards,
      MemorySegment terminated,
      MemorySegment failed) {
    for (int i = 0; i < count; i++) {
      double torque = MAX_TORQUE * actions.getAtIndex(JAVA_FLOAT, i);
      torque = Math.clamp(torque, -MAX_TORQUE, MAX_TORQUE);
      double off = wrapped(angle[i]);
      double cost = off * off + 0.1 * speed[i] * speed[i] + 0.001 * torque * torque;
      double acceleration =
          3 * GRAVITY / (2 * LENGTH) * Math.sin(angle[i]) + 3 / (MASS * LENGTH * LENGTH) * torque;
      speed[i] = Math.clamp(speed[i] + acceleration * DT, -MAX_SPEED, MAX_SPEED);
      angle[i] += speed[i] * DT;
      observe(i, observations, 3L * i);
      rewards.setAtIndex(JAVA_FLOAT, i, (float) -cost);
      terminated.set(JAVA_BYTE, i, (byte) 0);
      failed.set(JAVA_BYTE, i, (byte) (Double.isFinite(angle[i]) ? 0 : 1));
    }
  }

  /** The angle in [-pi, pi), with a floored remainder as in Python. */
  private static double wrapped(double angle) {
    double turned = (angle + Math.PI) % (2 * Math.PI);
    return (turned < 0 ? turned + 2 * Math.PI : turned) - Math.PI;
  }

  private void observe(int index, MemorySegment out, long at) {
    out.setAtIndex(JAVA_FLOAT, at, (float) Math.cos(angle[index]));
    out.setAtIndex(JAVA_FLOAT, at + 1, (float) Math.sin(angle[index]));
    out.setAtIndex(JAVA_FLOAT, at + 2, (float) speed[index]);
  }

  @Override
  public String failure(int index) {
    return "an action that is not a number";
  }

  @Override
  public double[] capsules(int index) {
    double x = LENGTH * Math.sin(angle[index]);
    double z = LENGTH * Math.cos(angle[index]);
    return new double[] {0, 0, 1.2, x, 0, 1.2 + z, 0.1};
  }

  @Override
  public int stateBytes() {
    return 16 * count;
  }

  @Override
  public void save(ByteBuffer out) {
    for (int i = 0; i < count; i++) {
      out.putDouble(angle[i]).putDouble(speed[i]);
    }
  }

  @Override
  public void restore(ByteBuffer in) {
    for (int i = 0; i < count; i++) {
      angle[i] = in.getDouble();
      speed[i] = in.getDouble();
    }
  }

  @Override
  public TaskSpec spec() {
    return spec;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void close() {}
}
