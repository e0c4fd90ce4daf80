package mpdp.benchmark.run;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.app.Benchmarks.Request;
import org.openjdk.jmh.results.RunResult;

/** The same steps in PyTorch (benchmarks/peers), measured in rounds that alternate with ours. */
final class Peers {
  private static final int ROUNDS = 3;

  /** The folder of the scripts; the launcher names it. */
  static final String FOLDER_PROPERTY = "mpdp.peers";

  private static final Map<String, String> SCRIPTS =
      Map.of(
          "EnsembleTrainStep", "ensemble_train_step.py",
          "SacUpdate", "sac_update.py",
          "PolicyImprovement", "policy_improvement.py",
          "Imagine", "imagine.py",
          "Plan", "plan.py");

  /** The ways to try on a GPU: names and options; TF32 products are faster and less exact. */
  private static final SequencedMap<String, List<String>> CUDA_WAYS = new LinkedHashMap<>();

  static {
    CUDA_WAYS.put("eager", List.of("--mode", "eager"));
    CUDA_WAYS.put("graph", List.of("--mode", "graph"));
    CUDA_WAYS.put("compiled", List.of("--mode", "compiled"));
    CUDA_WAYS.put("graph-tf32", List.of("--mode", "graph", "--tf32"));
    CUDA_WAYS.put("compiled-tf32", List.of("--mode", "compiled", "--tf32"));
  }

  private static final String SEEDS = "seeds";
  private static final String FORMAT = "%12s %12s %7s  %s [%s]%n";

  private final Path folder;
  private final Python python;

  /** Our median round, its rate and that of the best one, and the comparators beside it. */
  private record Row(Variant variant, RunResult ours, double rate, double best, List<Peer> peers) {}

  /**
   * @throws MpdpException if no Python here has PyTorch
   */
  Peers() {
    folder = Path.of(System.getProperty(FOLDER_PROPERTY, "benchmarks/peers"));
    python = Python.find();
  }

  /**
   * Runs every variant that has a peer, ours and theirs in turns, and prints medians and ratios.
   *
   * @throws MpdpException at the end, if a peer failed
   */
  void run(List<Variant> variants, Request request, PrintWriter out) {
    List<Variant> paired = variants.stream().filter(Peers::hasPeer).toList();
    if (paired.isEmpty()) {
      throw new UsageException(
          "nothing of this has a peer; these have, of one seed: "
              + String.join(", ", SCRIPTS.keySet()));
    }
    out.printf(
        "PyTorch %s, %d rounds of each in turns, medians%n", python.torch(), rounds(request));
    out.printf(FORMAT, "mpdp units/s", "PyTorch", "ratio", "benchmark parameters", "how");
    out.flush();
    List<Row> rows = new ArrayList<>();
    for (Variant variant : paired) {
      Row row = measure(variant, request);
      rows.add(row);
      print(row, out);
      if (request.json() != null) {
        Results.write(
            request.json(),
            rows.stream().map(Row::ours).toList(),
            rows.stream()
                .map(r -> r.peers().stream().map(p -> p.json(r.rate(), r.best())).toList())
                .toList());
      }
    }
    List<Peer> failed =
        rows.stream().flatMap(row -> row.peers().stream()).filter(peer -> !peer.works()).toList();
    if (!failed.isEmpty()) {
      throw new MpdpException(
          "%d of the peers failed; run the first to see why: %s"
              .formatted(failed.size(), String.join(" ", failed.getFirst().command())));
    }
  }

  /** The scripts train one seed at a time. */
  private static boolean hasPeer(Variant variant) {
    return SCRIPTS.containsKey(variant.title())
        && variant.parameters().getOrDefault(SEEDS, "1").equals("1");
  }

  private static int rounds(Request request) {
    return request.millis() > 0 ? 1 : ROUNDS;
  }

  private static void print(Row row, PrintWriter out) {
    for (Peer peer : row.peers()) {
      out.printf(
          FORMAT,
          Table.number(row.rate()),
          Table.number(peer.rate()),
          peer.works() ? String.format(Locale.ROOT, "%.2f", row.rate() / peer.rate()) : "",
          row.variant().title() + " " + row.variant().settings(),
          peer.how());
    }
    out.flush();
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private Row measure(Variant variant, Request request) {
    List<Peer> peers = new ArrayList<>();
    try {
      for (List<String> mode : onGpu(variant) ? cudaWays() : List.of(List.<String>of())) {
        peers.add(start(variant, request, mode));
      }
      peers.forEach(Peer::await);
      List<RunResult> ours = new ArrayList<>();
      for (int round = 0; round < rounds(request); round++) {
        ours.add(OneRun.of(variant, request, round > 0));
        peers.forEach(Peer::measure);
      }
      ours.sort(Comparator.comparingDouble(Peers::rate));
      RunResult middle = ours.get(ours.size() / 2);
      return new Row(variant, middle, rate(middle), rate(ours.getLast()), peers);
    } finally {
      peers.forEach(Peer::close);
    }
  }

  /** The options of each way that is asked for. */
  static List<List<String>> cudaWays() {
    String asked =
        System.getProperty(JmhBenchmarks.PEER_WAYS_PROPERTY, String.join(",", CUDA_WAYS.keySet()));
    List<List<String>> ways = new ArrayList<>();
    for (String name : asked.split(",")) {
      List<String> options = CUDA_WAYS.get(name);
      if (options == null) {
        throw new UsageException(
            "-D%s=%s: choose of %s"
                .formatted(JmhBenchmarks.PEER_WAYS_PROPERTY, asked, CUDA_WAYS.keySet()));
      }
      ways.add(options);
    }
    return ways;
  }

  private static double rate(RunResult result) {
    return Table.value(result, "units_per_s", Double.NaN);
  }

  private static boolean onGpu(Variant variant) {
    return "cuda".equals(variant.parameters().get("backend"));
  }

  private Peer start(Variant variant, Request request, List<String> mode) {
    List<String> command = new ArrayList<>();
    command.add(python.command());
    command.add(folder.resolve(SCRIPTS.getOrDefault(variant.title(), "")).toString());
    variant
        .parameters()
        .forEach(
            (name, value) -> {
              if (!name.equals("backend") && !name.equals(SEEDS)) {
                command.add("--" + name);
                command.add(value);
              }
            });
    if (onGpu(variant)) {
      command.addAll(List.of("--device", "cuda"));
    }
    if (request.millis() > 0) {
      command.addAll(List.of("--seconds", Double.toString(request.millis() / 1e3)));
    }
    int threads = Integer.parseInt(variant.parameters().getOrDefault("threads", "1"));
    return new Peer(threads, command, mode);
  }
}
