package mpdp.benchmark.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mpdp.MpdpException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything measured on one machine: its folder of {@code benchmarks/results}. A file holds the
 * results of {@code mpdp bench --json}, or an object with them as {@code benchmarks} and the
 * machine's {@code roofline} beside them, as {@code benchmarks/gpu/check} writes it.
 */
final class ResultFolder {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Groups of a check's steps that measure what a plain run does; others change how. */
  private static final Set<String> PLAIN =
      Set.of("ours", "ours-12", "ours-bf16", "cem-large", "peers", "peers-rest");

  private final Path folder;
  private final List<Measured> results = new ArrayList<>();
  private double peakTeraflops = Double.NaN;

  /**
   * @throws MpdpException if a file cannot be read
   */
  ResultFolder(Path folder) {
    this.folder = folder;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        add(JSON.readTree(Files.readString(file)));
      }
    } catch (IOException e) {
      throw new MpdpException("cannot read the results in " + folder + ": " + e.getMessage(), e);
    }
  }

  private void add(JsonNode file) {
    if (file.isArray()) {
      file.forEach(result -> results.add(Measured.of(result)));
    } else {
      addCheck(file.path("benchmarks"));
    }
    JsonNode peak = file.path("roofline").path("fma_tflops");
    peakTeraflops = peak.isNumber() ? peak.asDouble() : peakTeraflops;
  }

  /** A check measures a variant alone and, in other steps, beside peers: one result in the end. */
  private void addCheck(JsonNode benchmarks) {
    Map<List<Object>, Measured> variants = new LinkedHashMap<>();
    for (JsonNode result : benchmarks) {
      if (PLAIN.contains(result.path("step").asString("ours").replaceFirst("/.*", ""))) {
        Measured measured = Measured.of(result);
        variants.merge(
            List.of(measured.title(), measured.parameters()), measured, Measured::joined);
      }
    }
    results.addAll(variants.values());
  }

  /** What the machine's multiply-adds reach, in GFLOP/s; NaN where no roofline was measured. */
  double peakGigaflops() {
    return 1000 * peakTeraflops;
  }

  /** Every result of a benchmark, in the order of the files' names. */
  List<Measured> all(String title) {
    return results.stream().filter(r -> r.title().equals(title)).toList();
  }

  /**
   * The one result of a benchmark with these parameters, others free but for one seed at a time.
   *
   * @throws MpdpException if there is none or more than one
   */
  Measured find(String title, Map<String, String> parameters) {
    List<Measured> found =
        results.stream()
            .filter(r -> r.title().equals(title))
            .filter(Measured::oneSeed)
            .filter(r -> r.parameters().entrySet().containsAll(parameters.entrySet()))
            .toList();
    if (found.size() != 1) {
      throw new MpdpException(
          "%d results of %s %s in %s instead of 1: write it with ./mpdp bench --json"
              .formatted(found.size(), title, parameters, folder));
    }
    return found.getFirst();
  }
}
