package mpdp.benchmark.harness;

import java.util.Arrays;
import java.util.Locale;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.env.TaskSpec;

/** The sizes of a MuJoCo task, as the model sees it. */
public enum Shape {
  HALFCHEETAH("HalfCheetah-v5", 17, 6, 200),
  HOPPER("Hopper-v5", 11, 3, 200),
  ANT("Ant-v5", 27, 8, 200),
  HUMANOID("Humanoid-v5", 45, 17, 400);

  private final String task;
  private final int states;
  private final int actions;
  private final int modelWidth;

  Shape(String task, int states, int actions, int modelWidth) {
    this.task = task;
    this.states = states;
    this.actions = actions;
    this.modelWidth = modelWidth;
  }

  /** The shape that benchmarks' parameter {@code shape} names. */
  public static Shape of(String name) {
    return Arrays.stream(values())
        .filter(shape -> shape.parameter().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static UsageException unknown(String name) {
    var names = Arrays.stream(values()).map(Shape::parameter).toList();
    return new UsageException(
        "unknown shape %s; the nearest is %s".formatted(name, Nearest.to(name, names)));
  }

  private String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The Gymnasium id. */
  public String task() {
    return task;
  }

  /** Numbers in an observation; Ant and Humanoid in their truncated form. */
  public int states() {
    return states;
  }

  /** Numbers in an action. */
  public int actions() {
    return actions;
  }

  /** Hidden width of the dynamics model. */
  public int modelWidth() {
    return modelWidth;
  }

  /** A task of this shape whose predicted states never end an episode: all rows stay present. */
  public TaskSpec endless() {
    float[] low = new float[states];
    float[] high = new float[states];
    Arrays.fill(low, Float.NEGATIVE_INFINITY);
    Arrays.fill(high, Float.POSITIVE_INFINITY);
    return new TaskSpec(task, states, actions, 1000, low, high, true, 0.05);
  }
}
