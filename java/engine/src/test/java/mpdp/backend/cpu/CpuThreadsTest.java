package mpdp.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.op.Op;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every case of every op gives the same bits for every number of worker threads. */
class CpuThreadsTest {
  @TestFactory
  Stream<DynamicTest> sameBitsForEveryTeam() {
    Map<Op, List<OpCase>> cases = OpCases.all().stream().collect(Collectors.groupingBy(OpCase::op));
    return cases.entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey().id(), () -> check(entry.getValue())));
  }

  private static void check(List<OpCase> cases) {
    try (CpuBackend alone = new CpuBackend(1);
        CpuBackend two = new CpuBackend(2);
        CpuBackend five = new CpuBackend(5)) {
      for (OpCase opCase : cases) {
        CaseResult expected = CaseResult.of(opCase, alone);
        for (CpuBackend team : List.of(two, five)) {
          CaseResult actual = CaseResult.of(opCase, team);
          expected
              .operands()
              .forEach(
                  (name, values) ->
                      assertThat(actual.operands().get(name).words())
                          .as("%s of %s", name, opCase)
                          .isEqualTo(values.words()));
        }
      }
    }
  }
}
