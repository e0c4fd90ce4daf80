package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Op;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The kernels there are, while there is not yet one for every op; then OpParityTest has them. */
class CudaKernelsTest {
  @BeforeAll
  static void needsADevice() {
    TestBackends.names();
    assumeTrue(CudaBackend.status().available(), () -> CudaBackend.status().detail());
  }

  @TestFactory
  Stream<DynamicTest> everyKernelAgreesWithTheReference() {
    return OpLaunches.COVERED.stream().map(op -> dynamicTest(op.id(), () -> check(op)));
  }

  private static void check(Op op) {
    List<String> failures = new ArrayList<>();
    try (Backend backend = Backends.open("cuda", 0)) {
      for (OpCase opCase : OpCases.of(op)) {
        try {
          Parity.check(
              CaseResult.expected(opCase), CaseResult.of(opCase, backend), backend.device());
        } catch (AssertionError e) {
          failures.add(e.getMessage());
        }
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void anOpWithoutAKernelIsRefusedWhenRecorded() {
    try (Backend backend = Backends.open("cuda", 0)) {
      for (Op op : Op.values()) {
        if (!OpLaunches.COVERED.contains(op)) {
          assertThatThrownBy(() -> CaseResult.of(OpCases.of(op).getFirst(), backend))
              .isInstanceOf(MpdpException.class)
              .hasMessageContaining("no kernel for " + op.id());
        }
      }
    }
  }
}
