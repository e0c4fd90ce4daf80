package mpdp.benchmark.run;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import mpdp.app.run.Machine;
import mpdp.app.run.RunFiles;
import mpdp.backend.cpu.CpuBackend;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes JMH's JSON, with what was measured and where in a field {@code mpdp} of every result. */
final class Results {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Results() {}

  /** Replaces {@code file} by the results so far, whole or not at all. */
  static void write(Path file, Collection<RunResult> results) {
    RunFiles.write(file, text(entries(results)));
  }

  /** The same, with a field {@code peers} in each result: what was measured beside it. */
  static void write(Path file, List<RunResult> results, List<?> peers) {
    List<SequencedMap<String, Object>> entries = entries(results);
    for (int i = 0; i < entries.size(); i++) {
      entries.get(i).put("peers", peers.get(i));
    }
    RunFiles.write(file, text(entries));
  }

  private static String text(List<SequencedMap<String, Object>> entries) {
    return JSON.writeValueAsString(entries) + "\n";
  }

  /** The results as JMH formats them, each with {@link #origin}. */
  private static List<SequencedMap<String, Object>> entries(Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    ResultFormatFactory.getInstance(ResultFormatType.JSON, stream).writeOut(results);
    List<SequencedMap<String, Object>> entries =
        JSON.readValue(
            bytes.toString(StandardCharsets.UTF_8),
            new TypeReference<List<SequencedMap<String, Object>>>() {});
    SequencedMap<String, Object> origin = origin();
    for (SequencedMap<String, Object> entry : entries) {
      entry.computeIfPresent("jvmArgs", (name, arguments) -> withoutFolders((List<?>) arguments));
      entry.put("mpdp", origin);
    }
    return entries;
  }

  /** Results are kept and shared: the folder that they were made in is nobody's business. */
  private static List<?> withoutFolders(List<?> arguments) {
    String folder = "-D" + Peers.FOLDER_PROPERTY + "=";
    return arguments.stream().filter(a -> !a.toString().startsWith(folder)).toList();
  }

  private static SequencedMap<String, Object> origin() {
    SequencedMap<String, Object> origin = new LinkedHashMap<>();
    origin.put("version", Machine.version());
    origin.put("commit", Machine.commit());
    origin.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    origin.put("java", Runtime.version().toString());
    origin.put("system", Machine.system());
    origin.put("processor", Machine.processor());
    origin.put("cores", Runtime.getRuntime().availableProcessors());
    origin.put("isa", instructionSet());
    return origin;
  }

  /** What the cpu back end uses here, "none" where it cannot run. */
  private static String instructionSet() {
    try (CpuBackend backend = new CpuBackend(1)) {
      return backend.instructionSet();
    } catch (mpdp.MpdpException absent) {
      return "none";
    }
  }
}
