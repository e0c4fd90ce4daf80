package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.Op;
import mpdp.backend.op.Operation;
import mpdp.tensor.HostArena;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every case of every op, on every available back end. */
class OpParityTest {
  private static final System.Logger LOG = System.getLogger(OpParityTest.class.getName());

  /** Leaves out large cases and tells how it gets on: for devices that interpret kernels. */
  private static final boolean SMALL = Boolean.getBoolean("mpdp.test.small");

  private static final double SMALL_FLOPS = 1e6;
  private static final double SMALL_BYTES = 1e6;

  /** Parts of the names of the ops to run, separated by commas. */
  private static final String[] PARTS = System.getProperty("mpdp.test.ops", "").split(",");

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
          Map<FloatProducts, CaseResult> expected = new EnumMap<>(FloatProducts.class);
          for (TestBackends.Variant variant : variants) {
            CaseResult actual = CaseResult.of(opCase, variant.backend());
            FloatProducts products = variant.backend().floatProducts();
            Parity.check(
                expected.computeIfAbsent(products, p -> CaseResult.expected(opCase, p)),
                actual,
                variant.label(),
                variant.looser());
          }
        });
  }

  /** One test for each op; it names every case that fails. */
  private static Stream<DynamicTest> each(Consumer<OpCase> check) {
    return Arrays.stream(Op.values())
        .filter(op -> Arrays.stream(PARTS).anyMatch(op.id()::contains))
        .map(
            op ->
                dynamicTest(
                    op.id(),
                    () -> {
                      List<String> failures = new ArrayList<>();
                      List<OpCase> cases =
                          OpCases.of(op).stream().filter(OpParityTest::wanted).toList();
                      for (OpCase opCase : cases) {
                        try {
                          check.accept(opCase);
                        } catch (AssertionError e) {
                          failures.add(e.getMessage());
                        }
                      }
                      if (SMALL) {
                        LOG.log(
                            System.Logger.Level.INFO, "{0}: {1} cases ran", op.id(), cases.size());
                      }
                      assertThat(failures).isEmpty();
                    }));
  }

  private static boolean wanted(OpCase opCase) {
    if (!SMALL) {
      return true;
    }
    try (TensorArena arena = new HostArena("size")) {
      Operation operation = opCase.make().apply(opCase.memory(arena));
      return !opCase.real() && operation.flops() <= SMALL_FLOPS && operation.bytes() <= SMALL_BYTES;
    }
  }
}
