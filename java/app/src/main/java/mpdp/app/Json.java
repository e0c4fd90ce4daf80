package mpdp.app;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** JSON for the commands' {@code --json}: one object on one line. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** The value on one line. */
  static String line(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** The number, or null where JSON has none for it. */
  static @Nullable Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
