package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Op;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every case of every op, on every available back end. */
class OpParityTest {
  /** Leaves out the sizes of training: for devices that interpret kernels. */
  private static final boolean SMALL = Boolean.getBoolean("mpdp.test.small");

  private static List<TestBackends.Variant> variants = List.of();

  @BeforeAll
  static void open() {
    variants = TestBackends.open();
  }

  @AfterAll
  static void close() {
    variants.forEach(variant -> variant.backend().close());
  }

  @TestFactory
  Stream<DynamicTest> everyBackendAgreesWithTheReference() {
    return each(
        opCase -> {
          CaseResult expected = CaseResult.expected(opCase);
          for (TestBackends.Variant variant : variants) {
            Parity.check(expected, CaseResult.of(opCase, variant.backend()), variant.label());
          }
        });
  }

  /** One test for each op; it names every case that fails. */
  private static Stream<DynamicTest> each(Consumer<OpCase> check) {
    return Arrays.stream(Op.values())
        .map(
            op ->
                dynamicTest(
                    op.id(),
                    () -> {
                      List<String> failures = new ArrayList<>();
                      for (OpCase opCase : OpCases.of(op)) {
                        if (SMALL && opCase.real()) {
                          continue;
                        }
                        try {
                          check.accept(opCase);
                        } catch (AssertionError e) {
                          failures.add(e.getMessage());
                        }
                      }
                      assertThat(failures).isEmpty();
                    }));
  }
}
