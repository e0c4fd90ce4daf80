package mpdp.app;

import java.util.Locale;
import java.util.Map;
import mpdp.settings.SettingValue;
import mpdp.settings.Settings;
import mpdp.settings.SettingsLoader;
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

  /** The settings by their paths, as JSON has them: choices as text, and numbers that it lacks. */
  static Map<String, Object> settings(Settings settings) {
    Map<String, Object> values = SettingsLoader.values(settings);
    values.replaceAll(
        (key, value) ->
            switch (value) {
              case Enum<?> choice -> choice.name().toLowerCase(Locale.ROOT);
              case Double number when !Double.isFinite(number) -> SettingValue.toToml(number);
              default -> value;
            });
    return values;
  }

  /** The number, or null where JSON has none for it. */
  static @Nullable Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
