package mpdp.backend;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Op;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every case of every op on every available back end against the reference. */
class OpParityTest {
  @TestFactory
  Stream<DynamicNode> everyBackendAgreesWithTheReference() {
    return TestBackends.others().stream()
        .map(
            variant ->
                dynamicContainer(
                    variant.label(),
                    byOp().entrySet().stream()
                        .map(
                            entry ->
                                dynamicTest(
                                    entry.getKey().id(),
                                    () -> check(variant, entry.getValue())))));
  }

  private static Map<Op, List<OpCase>> byOp() {
    return OpCases.all().stream()
        .collect(
            Collectors.groupingBy(OpCase::op, () -> new EnumMap<>(Op.class), Collectors.toList()));
  }

  private static void check(TestBackends.Variant variant, List<OpCase> cases) {
    try (Backend backend = variant.open().get()) {
      for (OpCase opCase : cases) {
        Parity.check(
            CaseResult.expected(opCase), CaseResult.of(opCase, backend), variant.label());
      }
    }
  }
}
