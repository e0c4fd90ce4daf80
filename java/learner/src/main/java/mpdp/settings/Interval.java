package mpdp.settings;

/**
 * A range of numbers, each end open or closed.
 *
 * @param low lower end
 * @param lowOpen whether the lower end itself is left out
 * @param high upper end
 * @param highOpen whether the upper end itself is left out
 */
record Interval(double low, boolean lowOpen, double high, boolean highOpen) {
  /** Reads the notation of {@link Setting#range()}, such as {@code "(0, inf)"}. */
  static Interval parse(String text) {
    String[] ends = text.substring(1, text.length() - 1).split(",");
    return new Interval(end(ends[0]), text.startsWith("("), end(ends[1]), text.endsWith(")"));
  }

  boolean contains(double value) {
    boolean above = lowOpen ? value > low : value >= low;
    boolean below = highOpen ? value < high : value <= high;
    return above && below;
  }

  private static double end(String text) {
    return text.strip().equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }
}
