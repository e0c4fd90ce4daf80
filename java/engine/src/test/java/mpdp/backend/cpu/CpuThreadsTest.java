package mpdp.backend.cpu;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Op;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** Every case of every op gives the same bits for every number of worker threads. */
class CpuThreadsTest {
  /** What multiplies matrices is other code in each of them, and shared out in other tiles. */
  private static final List<Op> NETWORKS = List.of(Op.MLP_FORWARD, Op.MLP_BACKWARD);

  @TestFactory
  Stream<DynamicTest> sameBitsForEveryTeam() {
    Map<Op, List<OpCase>> cases = OpCases.all().stream().collect(Collectors.groupingBy(OpCase::op));
    return cases.entrySet().stream()
        .map(
            entry ->
                dynamicTest(entry.getKey().id(), () -> check(entry.getValue(), CpuBackend::new)));
  }

  @TestFactory
  Stream<DynamicTest> sameBitsForEveryTeamInEveryInstructionSet() {
    return TestBackends.INSTRUCTION_SETS.stream()
        .map(isa -> dynamicTest(isa, () -> check(networks(), threads -> backend(threads, isa))));
  }

  /**
   * Without those of training's sizes, which the test above has on the instruction set it takes.
   */
  private static List<OpCase> networks() {
    return NETWORKS.stream()
        .flatMap(op -> OpCases.of(op).stream())
        .filter(opCase -> !opCase.real())
        .toList();
  }

  /** Another instruction set than this CPU's cannot be tested here. */
  private static CpuBackend backend(int threads, String isa) {
    try {
      return new CpuBackend(threads, isa);
    } catch (MpdpException e) {
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  private static void check(List<OpCase> cases, IntFunction<CpuBackend> threads) {
    try (CpuBackend alone = threads.apply(1);
        CpuBackend two = threads.apply(2);
        CpuBackend five = threads.apply(5)) {
      for (OpCase opCase : cases) {
        CaseResult expected = CaseResult.of(opCase, alone);
        expected.checkSameBits(CaseResult.of(opCase, two));
        expected.checkSameBits(CaseResult.of(opCase, five));
      }
    }
  }
}
