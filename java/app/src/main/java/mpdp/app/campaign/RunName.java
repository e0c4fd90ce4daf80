package mpdp.app.campaign;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import mpdp.settings.SettingValue;
import mpdp.settings.Settings;

/** Names of run folders: they tell a run's place in its campaign, and stay when that grows. */
final class RunName {
  private static final int LONGEST = 180;

  private RunName() {}

  /** {@code TASK-ALGORITHM-PRESET[-VARIANT][-KEY=VALUE...]-sSEED}. */
  static String of(Settings settings, String variant, Map<String, Object> differing) {
    List<String> parts = new ArrayList<>();
    parts.add(Path.of(settings.task().id()).getFileName().toString().replace(".toml", ""));
    parts.add(settings.train().algorithm().name().toLowerCase(Locale.ROOT));
    parts.add(settings.train().preset());
    if (!variant.isEmpty()) {
      parts.add(variant);
    }
    differing.forEach(
        (key, value) -> {
          String text = value instanceof String string ? string : SettingValue.toToml(value);
          parts.add(key + "=" + text);
        });
    String seed = "-s" + settings.train().seed();
    return fileName(String.join("-", parts)) + seed;
  }

  /** The text where it can be a file's name in every shell; else what is left and its checksum. */
  private static String fileName(String text) {
    String name = text.replaceAll("[^A-Za-z0-9._+=-]+", "_");
    if (name.equals(text) && name.length() <= LONGEST) {
      return name;
    }
    CRC32 checksum = new CRC32();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return name.substring(0, Math.min(name.length(), LONGEST))
        + String.format("-%08x", checksum.getValue());
  }
}
