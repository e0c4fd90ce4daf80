package mpdp.benchmark.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.app.Benchmarks.Request;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same steps in PyTorch (benchmarks/peers), measured in rounds that alternate with ours. */
final class Peers {
  private static final int ROUNDS = 3;

  /** The folder of the scripts; the launcher names it. */
  private static final String FOLDER_PROPERTY = "mpdp.peers";

  private static final Map<String, String> SCRIPTS =
      Map.of(
          "EnsembleTrainStep", "ensemble_train_step.py",
          "SacUpdate", "sac_update.py",
          "Imagine", "imagine.py");

  private static final String FORMAT = "%12s %12s %7s  %s %s%n";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final String python;
  private final String version;

  /**
   * @throws MpdpException if no Python here has PyTorch
   */
  Peers() {
    folder = Path.of(System.getProperty(FOLDER_PROPERTY, "benchmarks/peers"));
    String named = System.getenv("MPDP_PYTHON");
    List<String> pythons = named == null ? List.of("python3", "/usr/bin/python3") : List.of(named);
    String found = null;
    String answer = null;
    for (String candidate : pythons) {
      if (answer == null) {
        found = candidate;
        answer = output(1, candidate, "-c", "import torch; print(torch.__version__)");
      }
    }
    if (found == null || answer == null) {
      throw new MpdpException(
          "no PyTorch found: apt-get install python3-torch libopenblas0-pthread, or set MPDP_PYTHON"
              + " to a python that has it");
    }
    python = found;
    version = answer.strip();
  }

  /**
   * Runs every variant that has a peer, ours and theirs in turns, and prints medians and ratios.
   */
  void run(List<Variant> variants, Request request, PrintWriter out) {
    List<Variant> paired = variants.stream().filter(v -> SCRIPTS.containsKey(v.title())).toList();
    if (paired.isEmpty()) {
      throw new UsageException(
          "nothing of this has a peer; these have: " + String.join(", ", SCRIPTS.keySet()));
    }
    out.printf("PyTorch %s, %d rounds of each in turns, medians of units/s%n", version, ROUNDS);
    out.printf(FORMAT, "mpdp", "PyTorch", "ratio", "benchmark", "parameters");
    out.flush();
    for (Variant variant : paired) {
      List<Double> ours = new ArrayList<>();
      List<Double> theirs = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        RunResult result = OneRun.of(variant, request);
        ours.add(Table.value(result, "units_per_s", Double.NaN));
        theirs.add(measure(variant));
      }
      double left = median(ours);
      double right = median(theirs);
      String ratio = String.format(Locale.ROOT, "%.2f", left / right);
      out.printf(
          FORMAT,
          Table.number(left),
          Table.number(right),
          ratio,
          variant.title(),
          variant.settings());
      out.flush();
    }
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Units per second of the peer of {@code variant}. */
  private double measure(Variant variant) {
    List<String> command = new ArrayList<>();
    command.add(python);
    command.add(folder.resolve(SCRIPTS.getOrDefault(variant.title(), "")).toString());
    variant
        .parameters()
        .forEach(
            (name, value) -> {
              if (!name.equals("backend")) {
                command.add("--" + name);
                command.add(value);
              }
            });
    int threads = Integer.parseInt(variant.parameters().getOrDefault("threads", "1"));
    String answer = output(threads, command.toArray(String[]::new));
    if (answer == null) {
      throw new MpdpException("the peer failed; run it to see why: " + String.join(" ", command));
    }
    JsonNode result = JSON.readTree(answer);
    return result.get("units_per_s").asDouble();
  }

  /** What a command prints, or null if it fails. Its BLAS gets no more threads than it is told. */
  private static @Nullable String output(int threads, String... command) {
    try {
      Path errors = Files.createTempFile("mpdp-peer", ".log");
      try {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        for (String library : List.of("OMP", "OPENBLAS", "MKL")) {
          builder.environment().put(library + "_NUM_THREADS", Integer.toString(threads));
        }
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0 ? text : null;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
