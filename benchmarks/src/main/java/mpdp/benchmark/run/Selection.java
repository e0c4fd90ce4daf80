package mpdp.benchmark.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.app.Benchmarks.Request;
import mpdp.backend.op.Op;
import mpdp.benchmark.OpStep;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What a request asks for, out of the list that JMH's annotation processor wrote. */
public final class Selection {
  /** Where a parameter has more values than a quick run wants, the usual ones. */
  private static final Map<String, List<String>> USUAL =
      Map.of(
          "shape", List.of("halfcheetah"),
          "precision", List.of("fp32"),
          "search", List.of("cem", "mppi", "gradient"),
          "seeds", List.of("1"));

  /** A method that only a request with its name in the pattern, or for everything, means. */
  private static final String QUEUED = "queued";

  private Selection() {}

  /**
   * Every variant that the request selects, benchmark by benchmark.
   *
   * @throws UsageException if there is none, or no benchmark has a given parameter
   */
  public static List<Variant> of(Request request) {
    var quiet = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    Set<BenchmarkListEntry> all = BenchmarkList.defaultList().getAll(quiet, List.of());
    SequencedMap<String, SequencedMap<String, List<String>>> benchmarks = new LinkedHashMap<>();
    all.stream().sorted().forEach(entry -> benchmarks.put(entry.getUsername(), parameters(entry)));
    checkParameters(request, benchmarks);
    List<Variant> variants = new ArrayList<>();
    benchmarks.forEach(
        (benchmark, parameters) -> {
          for (var chosen : combinations(chosen(request, parameters))) {
            Variant variant = new Variant(benchmark, chosen);
            if (matches(request.pattern(), variant) && isMeant(request, variant)) {
              variants.add(variant);
            }
          }
        });
    if (variants.isEmpty()) {
      throw new UsageException(
          "no benchmark matches %s; the nearest is %s (--list shows all)"
              .formatted(request.pattern(), Nearest.to(request.pattern(), names(benchmarks))));
    }
    return variants;
  }

  private static SequencedMap<String, List<String>> parameters(BenchmarkListEntry entry) {
    SequencedMap<String, List<String>> parameters = new LinkedHashMap<>();
    new TreeMap<>(entry.getParams().orElse(Map.of()))
        .forEach(
            (name, values) ->
                parameters.put(
                    name, name.equals(OpStep.CASE) ? OpStep.cases() : Arrays.asList(values)));
    return parameters;
  }

  private static void checkParameters(
      Request request, Map<String, SequencedMap<String, List<String>>> benchmarks) {
    Set<String> known = new LinkedHashSet<>();
    benchmarks.values().forEach(parameters -> known.addAll(parameters.keySet()));
    for (String name : request.parameters().keySet()) {
      if (!known.contains(name)) {
        throw new UsageException(
            "no benchmark has a parameter %s; the nearest is %s"
                .formatted(name, Nearest.to(name, List.copyOf(known))));
      }
    }
  }

  /** The values to run of each parameter: given, or all, or the usual ones. */
  private static SequencedMap<String, List<String>> chosen(
      Request request, SequencedMap<String, List<String>> parameters) {
    SequencedMap<String, List<String>> chosen = new LinkedHashMap<>();
    parameters.forEach(
        (name, values) -> {
          List<String> usual = request.every() ? values : USUAL.getOrDefault(name, values);
          chosen.put(name, request.parameters().getOrDefault(name, usual));
        });
    return chosen;
  }

  private static List<SequencedMap<String, String>> combinations(
      SequencedMap<String, List<String>> values) {
    List<SequencedMap<String, String>> combinations = List.of(new LinkedHashMap<>());
    for (var parameter : values.entrySet()) {
      List<SequencedMap<String, String>> longer = new ArrayList<>();
      for (var combination : combinations) {
        for (String value : parameter.getValue()) {
          SequencedMap<String, String> more = new LinkedHashMap<>(combination);
          more.put(parameter.getKey(), value);
          longer.add(more);
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  /** Whether the pattern is a part of the benchmark's or the op's name, letter case aside. */
  private static boolean matches(String pattern, Variant variant) {
    String part = pattern.toLowerCase(Locale.ROOT);
    String operation = variant.parameters().get(OpStep.CASE);
    return variant.title().toLowerCase(Locale.ROOT).contains(part)
        || (operation != null && OpStep.names(operation).anyMatch(name -> name.contains(part)));
  }

  /** Whether it is more than another way to time what is meant. */
  private static boolean isMeant(Request request, Variant variant) {
    return !variant.method().equals(QUEUED)
        || request.every()
        || request.pattern().toLowerCase(Locale.ROOT).contains(QUEUED);
  }

  private static List<String> names(Map<String, ?> benchmarks) {
    Stream<String> whole =
        benchmarks.keySet().stream().map(name -> new Variant(name, new LinkedHashMap<>()).name());
    return Stream.concat(
            whole, Arrays.stream(Op.values()).map(op -> op.operation().getSimpleName()))
        .distinct()
        .toList();
  }
}
