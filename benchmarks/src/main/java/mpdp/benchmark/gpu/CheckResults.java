package mpdp.benchmark.gpu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import mpdp.app.run.Machine;
import mpdp.app.run.RunFiles;
import mpdp.benchmark.gpu.Step.Ended;
import mpdp.benchmark.gpu.Step.Result;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a check has found so far. After each step everything is written again, each file whole or
 * not at all: whoever ends the check in the middle of a step loses that step alone.
 */
final class CheckResults {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path folder;
  private final Collected collected;
  private final String commit;
  private final String backend;
  private final long start = System.nanoTime();
  private final List<Ended> steps = new ArrayList<>();
  private @Nullable String running;

  /**
   * @param folder where the results go
   * @param collected what the steps leave
   */
  CheckResults(Path folder, Collected collected, String commit, String backend) {
    this.folder = folder;
    this.collected = collected;
    this.commit = commit;
    this.backend = backend;
  }

  /** Notes which step runs: the one that is lost, if nothing follows. */
  synchronized void begin(Step step) {
    running = step.name();
    writeJson();
  }

  /** Keeps how a step ended and what it left, and prints a line. */
  synchronized void add(Ended ended) {
    steps.add(ended);
    if (ended.step().name().equals(running)) {
      running = null;
    }
    System.out.println(line(ended));
    System.out.flush();
    collected.add(ended.step());
    writeJson();
    RunFiles.write(folder.resolve("table.txt"), table());
    collected.copyTo(folder);
  }

  /** How many steps failed. */
  synchronized int failed() {
    return (int) steps.stream().filter(ended -> ended.result() == Result.FAILED).count();
  }

  /** A line for each step, then the rates of the benchmarks. */
  synchronized String table() {
    StringBuilder text = new StringBuilder();
    steps.forEach(ended -> text.append(line(ended)).append('\n'));
    rates().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /** The rates of the benchmarks alone. */
  synchronized List<String> rates() {
    return RateTables.of(collected.roofline(), collected.benchmarks(), collected.trainings());
  }

  private static String line(Ended ended) {
    String detail = ended.detail();
    return String.format(
        Locale.ROOT,
        "%-27s %-8s %5.1f s  %s",
        ended.step().name(),
        word(ended.result()),
        ended.seconds(),
        detail.substring(detail.lastIndexOf('\n') + 1));
  }

  private static String word(Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  private void writeJson() {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("commit", commit);
    json.put("backend", backend);
    json.put("machine", Machine.system() + ", " + Machine.processor());
    json.put("seconds", Math.round((System.nanoTime() - start) / 1e9));
    json.put("failed", failed());
    if (running != null) {
      json.put("running", running);
    }
    json.put("steps", steps.stream().map(CheckResults::json).toList());
    JsonNode roofline = collected.roofline();
    if (roofline != null) {
      json.put("roofline", roofline);
    }
    json.put("probe", collected.probe());
    json.put("trainings", collected.trainings());
    json.put("benchmarks", collected.benchmarks());
    RunFiles.write(folder.resolve("result.json"), JSON.writeValueAsString(json) + "\n");
  }

  private static SequencedMap<String, Object> json(Ended ended) {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("name", ended.step().name());
    json.put("result", word(ended.result()));
    json.put("seconds", Math.round(10 * ended.seconds()) / 10.0);
    json.put("detail", ended.detail());
    return json;
  }
}
