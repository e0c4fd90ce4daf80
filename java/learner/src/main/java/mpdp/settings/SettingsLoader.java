package mpdp.settings;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.Nearest;
import mpdp.UsageException;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link Settings} out of layers: defaults, then the preset, then what is known of the task,
 * then a file, then single keys; each layer overrides the ones before it.
 */
public final class SettingsLoader {
  /** The presets that exist. */
  public static final List<String> PRESETS = List.of("fast", "paper");

  private static final String FOLDER = "/mpdp/settings/";

  private SettingsLoader() {}

  /**
   * Resolves the settings of a new run.
   *
   * @param taskOrFile a task's id, a TOML configuration with {@code task.id}, or a task description
   *     (a TOML file with {@code model})
   * @param preset name of a preset; null takes the one the files name, else {@code fast}
   * @param configFile a TOML configuration laid over preset and task, or null
   * @param sets single keys as {@code section.key=value}, the last layer
   * @throws UsageException if a name, key, value or file is wrong; the message is one line
   */
  public static Settings resolve(
      String taskOrFile, @Nullable String preset, @Nullable Path configFile, List<String> sets) {
    SequencedMap<String, Object> files = task(taskOrFile);
    Object named = files.getOrDefault("task.id", "");
    if (configFile != null) {
      files.putAll(checked(TomlFile.read(configFile), configFile.toString()));
      files.put("task.id", named);
    }
    SequencedMap<String, Object> single = parse(sets);
    Object wanted =
        preset != null
            ? preset
            : single.getOrDefault("train.preset", files.getOrDefault("train.preset", "fast"));
    String chosen = preset(wanted.toString());
    String id = single.getOrDefault("task.id", files.getOrDefault("task.id", "")).toString();
    SequencedMap<String, Object> layers = new LinkedHashMap<>(known(chosen, id));
    layers.putAll(files);
    layers.putAll(single);
    layers.put("train.preset", chosen);
    return bind(layers);
  }

  /** The layer of the task argument: at least {@code task.id}. */
  private static SequencedMap<String, Object> task(String taskOrFile) {
    SequencedMap<String, Object> layer = new LinkedHashMap<>();
    Path file = Path.of(taskOrFile);
    if (!taskOrFile.endsWith(".toml") || !Files.exists(file)) {
      layer.put("task.id", taskOrFile);
      return layer;
    }
    SequencedMap<String, Object> tables = TomlFile.read(file);
    if (tables.get("model") instanceof String) {
      // A description names its MJCF file; the run may go on from another folder.
      layer.put("task.id", file.toAbsolutePath().normalize().toString());
      return layer;
    }
    layer.putAll(checked(tables, taskOrFile));
    if (!layer.containsKey("task.id")) {
      throw new UsageException(
          taskOrFile + " names no task: give it task.id, or model if it describes a task");
    }
    return layer;
  }

  /** Reads a complete configuration, such as a run's {@code config.toml}, over the defaults. */
  public static Settings load(Path file) {
    return bind(checked(TomlFile.read(file), file.toString()));
  }

  /** All settings as TOML that {@link #load} reads back to an equal value. */
  public static String toToml(Settings settings) {
    StringBuilder toml = new StringBuilder();
    String section = "";
    for (var entry : values(settings).entrySet()) {
      SettingKey key = requireNonNull(SettingKey.all().get(entry.getKey()));
      if (!key.section().equals(section)) {
        section = key.section();
        toml.append(toml.isEmpty() ? "" : "\n").append('[').append(section).append("]\n");
      }
      String value = SettingValue.toToml(entry.getValue());
      toml.append(key.name()).append(" = ").append(value).append('\n');
    }
    return toml.toString();
  }

  /** The settings with some keys replaced, each written {@code section.key=value}. */
  static Settings overlay(Settings settings, List<String> sets) {
    SequencedMap<String, Object> layers = values(settings);
    layers.putAll(parse(sets));
    return bind(layers);
  }

  /** Settings from values by path; keys that are absent take their defaults. */
  static Settings bind(Map<String, Object> values) {
    List<Record> sections = new ArrayList<>();
    SettingKey.sections()
        .forEach((section, type) -> sections.add(bindSection(section, type, values)));
    return construct(Settings.class, sections.toArray());
  }

  private static Record bindSection(
      String section, Class<? extends Record> type, Map<String, Object> values) {
    List<Object> arguments = new ArrayList<>();
    for (SettingKey key : SettingKey.all().values()) {
      if (key.section().equals(section)) {
        Object given = values.get(key.path());
        Object value = given == null ? literal(key, key.setting().initial()) : given;
        arguments.add(SettingValue.coerce(key, value));
      }
    }
    return construct(type, arguments.toArray());
  }

  private static <T extends Record> T construct(Class<T> type, Object[] arguments) {
    try {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] parameters = new Class<?>[components.length];
      for (int i = 0; i < components.length; i++) {
        parameters[i] = components[i].getType();
      }
      return type.getDeclaredConstructor(parameters).newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof MpdpException failure) {
        throw failure;
      }
      throw new MpdpException("cannot build " + type.getSimpleName() + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new MpdpException("cannot build " + type.getSimpleName() + ": " + e, e);
    }
  }

  /** Every key's value in the given settings, in the order of the records. */
  public static SequencedMap<String, Object> values(Settings settings) {
    Map<Class<?>, Record> sections = new LinkedHashMap<>();
    List.of(
            settings.task(),
            settings.train(),
            settings.agent(),
            settings.plan(),
            settings.model(),
            settings.imagination())
        .forEach(section -> sections.put(section.getClass(), section));
    SequencedMap<String, Object> values = new LinkedHashMap<>();
    for (SettingKey key : SettingKey.all().values()) {
      Record section = requireNonNull(sections.get(key.component().getDeclaringRecord()));
      values.put(key.path(), key.read(section));
    }
    return values;
  }

  /** The preset's layer, then the task's, then the task's under that preset. */
  private static Map<String, Object> known(String preset, String id) {
    Map<String, Object> layers = new LinkedHashMap<>();
    String task = id.replaceFirst("-v\\d+$", "");
    List<String> resources = new ArrayList<>(List.of("preset/" + preset));
    if (task.matches("\\w+")) {
      resources.add("task/" + task);
      resources.add("task/" + preset + "/" + task);
    }
    for (String resource : resources) {
      String name = FOLDER + resource + ".toml";
      layers.putAll(checked(TomlFile.resource(name), name));
    }
    return layers;
  }

  private static String preset(String name) {
    if (!PRESETS.contains(name)) {
      throw new UsageException(
          "unknown preset " + name + "; the nearest is " + Nearest.to(name, PRESETS));
    }
    return name;
  }

  /** The values by the paths of their keys; an unknown key is refused. */
  private static SequencedMap<String, Object> checked(Map<String, Object> tables, String origin) {
    SequencedMap<String, Object> flat = TomlFile.flatten(tables);
    SequencedMap<String, Object> values = new LinkedHashMap<>();
    flat.forEach(
        (path, value) -> {
          String today = SettingKey.of(path, origin).path();
          if (!path.equals(today) && flat.containsKey(today)) {
            throw new UsageException(
                "%s has %s and %s, its name today: leave the first one out"
                    .formatted(origin, path, today));
          }
          values.put(today, value);
        });
    return values;
  }

  private static SequencedMap<String, Object> parse(List<String> sets) {
    SequencedMap<String, Object> values = new LinkedHashMap<>();
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1) {
        throw new UsageException("--set " + set + " is not of the form section.key=value");
      }
      SettingKey key = SettingKey.of(set.substring(0, equals).strip(), "--set");
      values.put(key.path(), literal(key, set.substring(equals + 1).strip()));
    }
    return values;
  }

  /** A value written without quotes around text. */
  private static Object literal(SettingKey key, String text) {
    Class<?> type = key.component().getType();
    boolean quoted = text.startsWith("\"") || text.startsWith("'");
    if ((type == String.class || type.isEnum()) && !quoted) {
      return text;
    }
    try {
      Object value = TomlFile.parse("value = " + text, "--set " + key.path()).get("value");
      return value == null ? text : value;
    } catch (UsageException e) {
      return text;
    }
  }
}
