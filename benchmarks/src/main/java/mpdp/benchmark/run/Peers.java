package mpdp.benchmark.run;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.app.Benchmarks.Request;
import org.openjdk.jmh.results.RunResult;

/** The same steps in PyTorch (benchmarks/peers), measured in rounds that alternate with ours. */
final class Peers {
  private static final int ROUNDS = 3;

  /** The folder of the scripts; the launcher names it. */
  private static final String FOLDER_PROPERTY = "mpdp.peers";

  private static final Map<String, String> SCRIPTS =
      Map.of(
          "EnsembleTrainStep", "ensemble_train_step.py",
          "SacUpdate", "sac_update.py",
          "PolicyImprovement", "policy_improvement.py",
          "Imagine", "imagine.py",
          "Plan", "plan.py");

  /** Where one step can be more or less work: options of each. */
  private static final Map<String, List<List<String>>> WORKS =
      Map.of(
          "PolicyImprovement",
          List.of(List.of("--members", "all"), List.of("--members", "elites")));

  private static final List<String> CUDA_MODES = List.of("eager", "graph", "compiled");

  private static final String FORMAT = "%12s %12s %7s  %s [%s]%n";

  private final Path folder;
  private final Python python;

  /** Ours, and the comparators beside it. */
  private record Row(Variant variant, RunResult ours, double rate, List<Peer> peers) {}

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
    List<Variant> paired = variants.stream().filter(v -> SCRIPTS.containsKey(v.title())).toList();
    if (paired.isEmpty()) {
      throw new UsageException(
          "nothing of this has a peer; these have: " + String.join(", ", SCRIPTS.keySet()));
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
                .map(r -> r.peers().stream().map(p -> p.json(r.rate())).toList())
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
    List<Peer> all = new ArrayList<>();
    try {
      List<List<Peer>> works = new ArrayList<>();
      for (List<String> work : WORKS.getOrDefault(variant.title(), List.of(List.of()))) {
        List<Peer> modes =
            modes(variant).stream().map(mode -> start(variant, request, work, mode)).toList();
        works.add(modes);
        all.addAll(modes);
      }
      all.forEach(Peer::await);
      List<RunResult> ours = new ArrayList<>();
      for (int round = 0; round < rounds(request); round++) {
        ours.add(OneRun.of(variant, request));
        all.forEach(Peer::measure);
      }
      if (onGpu(variant)) {
        all.addAll(inTf32(works, variant, request));
      }
      ours.sort(Comparator.comparingDouble(Peers::rate));
      RunResult middle = ours.get(ours.size() / 2);
      return new Row(variant, middle, rate(middle), all);
    } finally {
      all.forEach(Peer::close);
    }
  }

  private static double rate(RunResult result) {
    return Table.value(result, "units_per_s", Double.NaN);
  }

  private static boolean onGpu(Variant variant) {
    return "cuda".equals(variant.parameters().get("backend"));
  }

  /** Options of every mode to try: on a GPU all, else the script's own choice. */
  private static List<List<String>> modes(Variant variant) {
    return onGpu(variant)
        ? CUDA_MODES.stream().map(mode -> List.of("--mode", mode)).toList()
        : List.of(List.of());
  }

  /** The fastest mode of each kind of work once more, with TF32 products: faster, less exact. */
  private List<Peer> inTf32(List<List<Peer>> works, Variant variant, Request request) {
    List<Peer> again = new ArrayList<>();
    int threads = threads(variant);
    for (List<Peer> modes : works) {
      modes.stream()
          .filter(Peer::works)
          .max(Comparator.comparingDouble(Peer::rate))
          .map(best -> Stream.concat(best.command().stream(), Stream.of("--tf32")).toList())
          .ifPresent(command -> again.add(new Peer(threads, command)));
    }
    for (int round = 0; round < rounds(request); round++) {
      again.forEach(Peer::measure);
    }
    return again;
  }

  private static int threads(Variant variant) {
    return Integer.parseInt(variant.parameters().getOrDefault("threads", "1"));
  }

  private Peer start(Variant variant, Request request, List<String> work, List<String> mode) {
    List<String> command = new ArrayList<>();
    command.add(python.command());
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
    if (onGpu(variant)) {
      command.addAll(List.of("--device", "cuda"));
    }
    if (request.millis() > 0) {
      command.addAll(List.of("--seconds", Double.toString(request.millis() / 1e3)));
    }
    command.addAll(work);
    command.addAll(mode);
    return new Peer(threads(variant), command);
  }
}
