package mpdp.benchmark.publish;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** Networks by themselves, forwards and back, on one thread of the cpu and opencl back ends. */
final class Networks {
  private static final String HEAD =
      """
      | op, members x rows inputs-layers x width-outputs | cpu, GFLOP/s | of its peak | opencl, GFLOP/s | of its peak |
      | --- | --- | --- | --- | --- |""";

  private static final String TITLE = "OpStep";
  private static final String CASE = "operation";

  private Networks() {}

  static String table(ResultFolder results) {
    SequencedSet<String> cases = new LinkedHashSet<>();
    for (Measured result : results.all(TITLE)) {
      String name = result.parameters().getOrDefault(CASE, "");
      if (name.startsWith("mlp_")) {
        cases.add(name);
      }
    }
    List<String> lines = new ArrayList<>(List.of(HEAD));
    for (String name : cases) {
      Measured cpu = measured(results, name, "cpu");
      Measured opencl = measured(results, name, "opencl");
      lines.add(
          Numbers.row(
              label(name),
              Numbers.threeDigits(cpu.median("gflops")),
              Numbers.percent(cpu.median("fraction_of_peak")),
              Numbers.threeDigits(opencl.median("gflops")),
              Numbers.percent(opencl.median("fraction_of_peak"))));
    }
    return String.join("\n", lines) + "\n";
  }

  private static Measured measured(ResultFolder results, String name, String backend) {
    return results.find(TITLE, Map.of(CASE, name, "backend", backend, "threads", "1"));
  }

  /** Without what is the same in all of them: every member runs, and all rows are present. */
  private static String label(String name) {
    return name.replaceAll(" members 0\\+\\d+ count -?\\d+", "");
  }
}
