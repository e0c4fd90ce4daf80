package mpdp.settings;

import java.lang.System.Logger.Level;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.Nearest;
import mpdp.UsageException;

/**
 * One key of the configuration, such as {@code agent.target-rate}.
 *
 * @param section name of the TOML table
 * @param name key in the table, in kebab case
 * @param component the record component that holds it
 * @param setting its default, range and documentation
 */
public record SettingKey(String section, String name, RecordComponent component, Setting setting) {
  private static final System.Logger LOG = System.getLogger(SettingKey.class.getName());
  private static final SequencedMap<String, SettingKey> ALL = collect();

  /** Paths that earlier versions wrote into configurations, and what they are called today. */
  private static final Map<String, String> RENAMED =
      Map.of("imagination.real-ratio", "plan.real-ratio");

  /** Every key by its path, in the order of the records. */
  public static SequencedMap<String, SettingKey> all() {
    return ALL;
  }

  /**
   * The key of that path, which may be an earlier name of it, or an error that names the nearest
   * one.
   *
   * @param origin where the path was written, such as a file's name; part of the error
   */
  public static SettingKey of(String path, String origin) {
    SettingKey key = ALL.get(RENAMED.getOrDefault(path, path));
    if (key != null && RENAMED.containsKey(path)) {
      LOG.log(Level.INFO, "{0}: {1} is read as {2}, its name today", origin, path, key.path());
    }
    if (key == null) {
      throw new UsageException(
          "unknown key "
              + path
              + " in "
              + origin
              + "; the nearest is "
              + Nearest.to(path, ALL.keySet()));
    }
    return key;
  }

  /** {@code section.name}. */
  public String path() {
    return section + "." + name;
  }

  /** The allowed values in words: an interval, the choices, or the type. */
  public String allowed() {
    Class<?> type = component.getType();
    if (type.isEnum()) {
      List<String> choices = new ArrayList<>();
      for (Object constant : type.getEnumConstants()) {
        choices.add(constant.toString().toLowerCase(Locale.ROOT));
      }
      return String.join(", ", choices);
    }
    if (type == boolean.class) {
      return "true, false";
    }
    if (type == String.class) {
      return "text";
    }
    String kind = type == List.class ? "numbers in " : type == double.class ? "" : "whole, ";
    return kind + setting.range();
  }

  /** The value of this key in a record of its section. */
  Object read(Record section) {
    try {
      return component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new MpdpException("cannot read setting " + path() + ": " + e.getMessage(), e);
    }
  }

  /** The sections' records, by table name. */
  static SequencedMap<String, Class<? extends Record>> sections() {
    SequencedMap<String, Class<? extends Record>> sections = new LinkedHashMap<>();
    for (RecordComponent section : Settings.class.getRecordComponents()) {
      sections.put(section.getName(), section.getType().asSubclass(Record.class));
    }
    return sections;
  }

  private static SequencedMap<String, SettingKey> collect() {
    SequencedMap<String, SettingKey> keys = new LinkedHashMap<>();
    sections()
        .forEach(
            (section, type) -> {
              for (RecordComponent component : type.getRecordComponents()) {
                SettingKey key =
                    new SettingKey(
                        section,
                        kebab(component.getName()),
                        component,
                        component.getAnnotation(Setting.class));
                keys.put(key.path(), key);
              }
            });
    return Collections.unmodifiableSequencedMap(keys);
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
