package mpdp.app.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.settings.Settings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The content of {@code run.json}: what ran where, and how far it came. */
final class RunInfo {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path file;
  private final SequencedMap<String, Object> fields;

  private RunInfo(Path file, SequencedMap<String, Object> fields) {
    this.file = file;
    this.fields = fields;
  }

  /** A new run's information, not yet written. */
  static RunInfo create(Path file, Settings settings) {
    SequencedMap<String, Object> fields = new LinkedHashMap<>();
    fields.put("task", settings.task().id());
    fields.put("algorithm", settings.train().algorithm().name().toLowerCase(Locale.ROOT));
    fields.put("preset", settings.train().preset());
    fields.put("seed", settings.train().seed());
    fields.put("started", now());
    fields.put("resumed", 0);
    return new RunInfo(file, fields);
  }

  /** Reads an existing file; one line names it where it is missing or broken. */
  static RunInfo read(Path file) {
    try {
      String text = Files.readString(file);
      return new RunInfo(
          file, JSON.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {}));
    } catch (NoSuchFileException e) {
      throw new UsageException(file.getParent() + " is not a run folder: it has no run.json", e);
    } catch (IOException | JacksonException e) {
      throw new MpdpException("cannot read " + file + ": it is not a complete JSON object", e);
    }
  }

  /** Notes what this process runs on; overwrites what an earlier process of the run noted. */
  void machine(String backend) {
    fields.put("backend", backend);
    fields.put("mpdp", Machine.version());
    fields.put("commit", Machine.commit());
    fields.put("java", Runtime.version().toString());
    fields.put("system", Machine.system());
    SequencedMap<String, Object> machine = new LinkedHashMap<>();
    machine.put("host", Machine.host());
    machine.put("processor", Machine.processor());
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    fields.put("machine", machine);
  }

  /** Goes on: counts that, unless the run was only planned so far. */
  void resumed() {
    if (get("status").equals(RunStatus.WAITING.word())) {
      fields.put("started", now());
      return;
    }
    fields.put("resumed", ((Number) fields.getOrDefault("resumed", 0)).intValue() + 1);
    fields.remove("error");
    fields.remove("ended");
  }

  Object get(String name) {
    return fields.getOrDefault(name, "");
  }

  void put(String name, Object value) {
    fields.put(name, value);
  }

  void status(RunStatus status) {
    fields.put("status", status.word());
    if (status != RunStatus.RUNNING && status != RunStatus.WAITING) {
      fields.put("ended", now());
    }
  }

  void write() {
    RunFiles.write(file, JSON.writeValueAsString(fields) + "\n");
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
