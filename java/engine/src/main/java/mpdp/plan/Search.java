package mpdp.plan;

import java.util.List;
import mpdp.Nearest;
import mpdp.UsageException;

/** How a planner looks for a good sequence of actions. */
public sealed interface Search permits CrossEntropy, PathIntegral, GradientAscent {
  /** What {@link #named} takes. */
  List<String> NAMES = List.of("cem", "mppi", "gradient");

  /** H, the steps of a plan. */
  int horizon();

  /**
   * The search of that name with its default settings.
   *
   * @throws UsageException for another name
   */
  static Search named(String name) {
    return switch (name) {
      case "cem" -> CrossEntropy.defaults();
      case "mppi" -> PathIntegral.defaults();
      case "gradient" -> GradientAscent.defaults();
      default ->
          throw new UsageException(
              "unknown planner %s; the nearest is %s (all: %s)"
                  .formatted(name, Nearest.to(name, NAMES), String.join(", ", NAMES)));
    };
  }

  /** Throws unless {@code low <= value <= high}. */
  static void range(String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          "%s %s is out of range; allowed: %s to %s"
              .formatted(name, text(value), text(low), text(high)));
    }
  }

  private static String text(double value) {
    return value == (long) value ? Long.toString((long) value) : Double.toString(value);
  }
}
