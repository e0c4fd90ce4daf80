package mpdp.settings;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mpdp.UsageException;

/** Turns TOML values into the types of the records, and back into TOML text. */
public final class SettingValue {
  private SettingValue() {}

  /**
   * The value as the key's type.
   *
   * @param value what TOML made of it: Boolean, Number, String or List
   * @throws UsageException if it cannot be that type, naming key, value and what is allowed
   */
  static Object coerce(SettingKey key, Object value) {
    Class<?> type = key.component().getType();
    if (type == boolean.class && value instanceof Boolean) {
      return value;
    } else if (type == String.class && value instanceof String) {
      return value;
    } else if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (constant.toString().equalsIgnoreCase(value.toString())) {
          return constant;
        }
      }
    } else if (type == double.class && value instanceof Number number) {
      return number.doubleValue();
    } else if ((type == int.class || type == long.class) && value instanceof Number number) {
      return whole(key, type, number);
    } else if (type == List.class && value instanceof List<?> list) {
      return numbers(key, list);
    } else if (type == List.class && value instanceof Number number) {
      return List.of(number.doubleValue());
    }
    throw wrong(key, value);
  }

  /** Whole numbers may be written as floats (1e6), never with a fraction. */
  private static Object whole(SettingKey key, Class<?> type, Number number) {
    double value = number.doubleValue();
    boolean exact = value == Math.rint(value) && Math.abs(value) < 0x1p63;
    if (!exact || (type == int.class && Math.abs(value) > Integer.MAX_VALUE)) {
      throw wrong(key, number);
    }
    boolean fraction = number instanceof Double || number instanceof BigDecimal;
    long exactly = fraction ? (long) value : number.longValue();
    if (type == int.class) {
      return (int) exactly;
    }
    return exactly;
  }

  private static List<Double> numbers(SettingKey key, List<?> list) {
    List<Double> numbers = new ArrayList<>();
    for (Object element : list) {
      if (!(element instanceof Number number)) {
        throw wrong(key, list);
      }
      numbers.add(number.doubleValue());
    }
    return List.copyOf(numbers);
  }

  private static UsageException wrong(SettingKey key, Object value) {
    return new UsageException(
        key.path() + " = " + value + " is not allowed; allowed: " + key.allowed());
  }

  /** The value as TOML text that reads back as the same value. */
  public static String toToml(Object value) {
    if (value instanceof Double number) {
      return number.isNaN()
          ? "nan"
          : number.isInfinite()
              ? (number > 0 ? "inf" : "-inf")
              : number.toString().toLowerCase(Locale.ROOT);
    }
    if (value instanceof Enum<?> choice) {
      return quote(choice.name().toLowerCase(Locale.ROOT));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SettingValue::toToml).toList().toString();
    }
    return value instanceof String text ? quote(text) : value.toString();
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
