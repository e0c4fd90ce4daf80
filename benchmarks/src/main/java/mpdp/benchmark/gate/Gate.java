package mpdp.benchmark.gate;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import mpdp.MpdpException;
import mpdp.app.Benchmarks.GateRequest;
import mpdp.app.Benchmarks.Request;
import mpdp.benchmark.OpStep;
import mpdp.benchmark.harness.ProgramBenchmark;
import mpdp.benchmark.run.Selection;
import mpdp.benchmark.run.Variant;

/** Runs the benchmarks that changed kernels affect on both versions, interleaved. */
public final class Gate {
  private static final int ROUNDS = 40;
  private static final int SHORT_ROUNDS = 12;

  /** Callgrind takes half a minute for a step like this: the short form counts shorter ones. */
  private static final double LONG_STEP_MICROS = 20_000;

  private static final String FORMAT = "%-20s %-44s %10s %10s %7s %7s %8s  %s%n";

  /** Values that stand for all of a parameter. */
  private static final Map<String, List<String>> TYPICAL =
      Map.of(
          "backend", List.of("cpu"),
          "threads", List.of("1"),
          "horizon", List.of("3"),
          "width", List.of("256"),
          "particles", List.of("1000"),
          "search", List.of("mppi"));

  /** What the short form takes, beside the ops whose own kernel changed. */
  private static final Set<String> BRIEF =
      Set.of("EnsembleTrainStep", "PolicyImprovement", "SacUpdate");

  private final GateRequest request;
  private final PrintWriter out;
  private final Instructions instructions;
  private boolean open = true;

  private Gate(GateRequest request, PrintWriter out) {
    this.request = request;
    this.out = out;
    this.instructions = new Instructions(request.runner());
  }

  /**
   * Prints the comparison.
   *
   * @return whether nothing got worse
   */
  public static boolean run(GateRequest request, PrintWriter out) {
    ChangedKernels changed = ChangedKernels.of("native", request.changed());
    for (String other : List.of("cuda", "opencl")) {
      if (!ChangedKernels.of(other, request.changed()).none()) {
        out.printf("skipped: %s kernels changed, which the gate does not time here%n", other);
      }
    }
    if (changed.none()) {
      out.println("no kernel of the cpu back end changed: nothing to measure");
      return true;
    }
    Gate gate = new Gate(request, out);
    gate.compare(changed);
    return gate.open;
  }

  private void compare(ChangedKernels changed) {
    if (!Instructions.available()) {
      out.println("skipped: instruction counts (valgrind is not installed)");
    }
    out.printf(
        FORMAT, "benchmark", "parameters", "base us", "now us", "ratio", "+-", "instr.", "verdict");
    out.flush();
    try (Side base = new Side(request.base(), request.tools());
        Side now = new Side(request.tools(), request.tools())) {
      for (Variant variant : variants(changed)) {
        compare(variant, changed, base, now);
      }
    }
  }

  private List<Variant> variants(ChangedKernels changed) {
    Request all = new Request(request.pattern(), TYPICAL, false, 0, 0, null, false);
    return Selection.of(all).stream()
        .filter(Gate::runsAProgram)
        .filter(variant -> wanted(variant, changed))
        .toList();
  }

  private boolean wanted(Variant variant, ChangedKernels changed) {
    String operation = variant.parameters().get(OpStep.CASE);
    if (operation == null) {
      return !request.brief() || BRIEF.contains(variant.title());
    }
    return (changed.all() && !request.brief())
        || OpStep.names(operation).anyMatch(changed.ops()::contains);
  }

  private static boolean runsAProgram(Variant variant) {
    try {
      return ProgramBenchmark.class.isAssignableFrom(Class.forName(variant.type()));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private void compare(Variant variant, ChangedKernels changed, Side base, Side now) {
    try (Side.Open step = now.open(variant.type(), variant.parameters())) {
      if (!changed.affects((Collection<?>) step.facts().apply("ops"))) {
        return;
      }
      Side.Open before;
      try {
        before = base.open(variant.type(), variant.parameters());
      } catch (MpdpException e) {
        out.printf(
            "skipped: %s %s, which the base cannot run (%s)%n",
            variant.title(), variant.settings(), e.getMessage());
        return;
      }
      try (before) {
        print(variant, verdict(base, before, now, step));
      }
    }
  }

  private Verdict verdict(Side base, Side.Open before, Side now, Side.Open step) {
    Timing timing =
        Timing.measure(before.step(), step.step(), request.brief() ? SHORT_ROUNDS : ROUNDS);
    boolean counted =
        Instructions.available() && !(request.brief() && timing.micros() > LONG_STEP_MICROS);
    return new Verdict(
        timing,
        new int[] {(int) before.facts().apply("launches"), (int) step.facts().apply("launches")},
        new double[] {(double) before.facts().apply("bytes"), (double) step.facts().apply("bytes")},
        counted ? instructions.count(base, before) : OptionalLong.empty(),
        counted ? instructions.count(now, step) : OptionalLong.empty());
  }

  private void print(Variant variant, Verdict verdict) {
    Timing timing = verdict.timing();
    List<String> faults = verdict.faults();
    open &= faults.isEmpty();
    out.printf(
        FORMAT,
        variant.title(),
        variant.settings(),
        text("%.1f", timing.baseMicros()),
        text("%.1f", timing.micros()),
        text("%.3f", timing.ratio()),
        text("%.3f", timing.noise()),
        text("%.3f", verdict.instructionRatio()),
        faults.isEmpty() ? "ok" : String.join(", ", faults));
    out.flush();
  }

  private static String text(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }
}
