package mpdp.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.UsageException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.toml.TomlMapper;

/** Reads TOML into plain maps. */
public final class TomlFile {
  private static final TomlMapper MAPPER = new TomlMapper();

  private TomlFile() {}

  /** The tables of a file, or a one-line error that names it. */
  public static SequencedMap<String, Object> read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new UsageException("no such configuration file: " + file, e);
    } catch (IOException e) {
      throw new UsageException("cannot read the configuration file " + file + ": " + e, e);
    }
  }

  /** The tables of a file on the class path, empty where there is none. */
  static SequencedMap<String, Object> resource(String name) {
    try (var stream = TomlFile.class.getResourceAsStream(name)) {
      return stream == null
          ? new LinkedHashMap<>()
          : parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8), name);
    } catch (IOException e) {
      throw new UsageException("cannot read the resource " + name + ": " + e, e);
    }
  }

  /** The tables of a text; {@code origin} names it in errors. */
  static SequencedMap<String, Object> parse(String text, String origin) {
    try {
      return MAPPER.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where = at == null ? "" : " line " + at.getLineNr();
      String why = e.getOriginalMessage().lines().findFirst().orElse("").strip();
      throw new UsageException(origin + where + " is not valid TOML: " + why, e);
    }
  }

  /** Turns tables into {@code table.key} paths. */
  public static SequencedMap<String, Object> flatten(Map<String, Object> tables) {
    SequencedMap<String, Object> flat = new LinkedHashMap<>();
    tables.forEach((name, value) -> flatten(name, value, flat));
    return flat;
  }

  private static void flatten(String path, Object value, Map<String, Object> flat) {
    if (value instanceof Map<?, ?> table) {
      table.forEach((name, inner) -> flatten(path + "." + name, inner, flat));
    } else {
      flat.put(path, value);
    }
  }
}
