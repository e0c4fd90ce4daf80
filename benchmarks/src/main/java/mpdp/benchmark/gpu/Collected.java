package mpdp.benchmark.gpu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import mpdp.MpdpException;
import mpdp.app.run.MetricsTable;
import mpdp.app.run.RunFiles;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The figures and files that a check's steps have left in their workplace. */
final class Collected {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Columns of a run's metrics whose last figures tell how well and how fast it went. */
  private static final List<String> COLUMNS =
      List.of(
          "env_steps",
          "wall_s",
          "train_return",
          "eval_return",
          "updates_per_s",
          "kernel_share",
          "simulator_share");

  private final Workplace workplace;
  private final List<JsonNode> benchmarks = new ArrayList<>();
  private final List<JsonNode> probe = new ArrayList<>();
  private final List<SequencedMap<String, Object>> trainings = new ArrayList<>();
  private @Nullable JsonNode roofline;

  Collected(Workplace workplace) {
    this.workplace = workplace;
  }

  /** What the card can do at most, one object; null where nobody looked. */
  @Nullable JsonNode roofline() {
    return roofline;
  }

  /** What the card does in detail, an object for each fact. */
  List<JsonNode> probe() {
    return probe;
  }

  /** A row for each run: its step, and its last figures. */
  List<SequencedMap<String, Object>> trainings() {
    return trainings;
  }

  /** JMH's results, each with the name of its step as {@code step}. */
  List<JsonNode> benchmarks() {
    return benchmarks;
  }

  /** Reads what a step left, also one that was cut off. */
  void add(Step step) {
    for (JsonNode result : results(workplace.benchmark(step.name()))) {
      if (result instanceof ObjectNode object) {
        benchmarks.add(object.put("step", step.name()));
      }
    }
    if (step.name().equals("roofline")) {
      objects(step).forEach(object -> roofline = object);
    }
    if (step.name().equals("probe")) {
      probe.addAll(objects(step));
    }
    metrics(step).forEach(file -> addTraining(step, file));
  }

  private static Iterable<JsonNode> results(Path file) {
    try {
      return Files.exists(file) ? JSON.readTree(Files.readString(file)) : List.of();
    } catch (IOException | JacksonException broken) {
      return List.of();
    }
  }

  /** Lines of a step's log that are objects in JSON. */
  private List<JsonNode> objects(Step step) {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : text(workplace.log(step.name())).lines().toList()) {
      if (line.startsWith("{")) {
        try {
          objects.add(JSON.readTree(line));
        } catch (JacksonException cutOff) {
          return objects;
        }
      }
    }
    return objects;
  }

  private List<Path> metrics(Step step) {
    return files(workplace.run(step.name())).stream()
        .filter(file -> file.endsWith("metrics.csv"))
        .toList();
  }

  private void addTraining(Step step, Path file) {
    MetricsTable table;
    try {
      table = MetricsTable.read(file);
    } catch (MpdpException cutOff) {
      return;
    }
    if (table.rows().isEmpty()) {
      return;
    }
    SequencedMap<String, Object> training = new LinkedHashMap<>();
    training.put("step", step.name());
    for (String column : COLUMNS) {
      Arrays.stream(table.column(column))
          .filter(value -> !Double.isNaN(value))
          .reduce((earlier, later) -> later)
          .ifPresent(last -> training.put(column, last));
    }
    trainings.add(training);
  }

  /** Copies what is read as a file of its own: rates by op, counters, and all logs as one file. */
  void copyTo(Path folder) {
    String speed =
        Stream.of("speed", "cublas/speed")
            .map(name -> text(workplace.log(name)))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("\n"));
    if (!speed.isEmpty()) {
      RunFiles.write(folder.resolve("speed.txt"), speed);
    }
    // Without what ncu says of itself.
    String counters =
        text(workplace.counters())
            .lines()
            .filter(line -> line.startsWith("\""))
            .collect(Collectors.joining("\n"));
    if (!counters.isEmpty()) {
      RunFiles.write(folder.resolve("profile.csv"), counters + "\n");
    }
    RunFiles.write(folder.resolve("logs.zip"), zipped());
  }

  /** All logs and runs, without checkpoints. */
  private byte[] zipped() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Path file : files(workplace.logs())) {
        Path name = workplace.logs().relativize(file);
        if (Stream.of(name.toString().split("/")).noneMatch("checkpoints"::equals)) {
          zip.putNextEntry(new ZipEntry(name.toString()));
          Files.copy(file, zip);
          zip.closeEntry();
        }
      }
    } catch (IOException e) {
      throw new MpdpException("cannot pack the logs: " + RunFiles.reason(e), e);
    }
    return bytes.toByteArray();
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new MpdpException("cannot list " + folder + ": " + RunFiles.reason(e), e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new MpdpException("cannot read " + file + ": " + RunFiles.reason(e), e);
    }
  }
}
