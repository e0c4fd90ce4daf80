package mpdp.benchmark.publish;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.stream.Stream;

/** Numbers as the documents write them. */
final class Numbers {
  private Numbers() {}

  /** Three digits; a space between thousands from 10 000 on: 39.0, 104, 1230, 18 500. */
  static String threeDigits(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3, RoundingMode.HALF_UP));
    int missing = Math.max(0, 3 - rounded.precision());
    BigDecimal padded = rounded.setScale(rounded.scale() + missing);
    return padded.compareTo(BigDecimal.valueOf(10_000)) < 0
        ? padded.toPlainString()
        : String.format(Locale.ROOT, "%,d", padded.longValueExact()).replace(',', ' ');
  }

  /** A line of a Markdown table. */
  static String row(String... cells) {
    return Stream.of(cells).map(c -> c.isEmpty() ? "| " : "| " + c + " ").collect(joining()) + "|";
  }

  /** Without a fraction: 8333. */
  static String whole(double value) {
    return Long.toString(Math.round(value));
  }

  /** With so many decimals. */
  static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A fraction in percent: 53 %. */
  static String percent(double fraction) {
    return Math.round(100 * fraction) + " %";
  }
}
