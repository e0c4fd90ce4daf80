package mpdp.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Everything known about one key of the configuration. Defaults, range checks and {@code
 * docs/config.md} are all made from this one entry, so they cannot disagree.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** One line on what the key means, with its unit. */
  String doc();

  /** The default, written as a TOML value without quotes around text. */
  String initial();

  /**
   * The allowed interval of a number or of each number in a list, such as {@code "[0, 1)"} or
   * {@code "[1, inf)"}; empty for keys that are not numbers. NaN is allowed only where it is the
   * default.
   */
  String range() default "";
}
