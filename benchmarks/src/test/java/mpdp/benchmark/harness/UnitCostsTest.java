package mpdp.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;

class UnitCostsTest {
  private static final int ROWS = 8;
  private static final UnitCosts COSTS = new UnitCosts(1, 0.5, 1e4, 1e6, 1e8);

  /** The bound of a network on 3 of {@value #ROWS} rows, and of the actions drawn from it. */
  private static double bound(Activation activation, Precision precision) {
    MlpShape shape = new MlpShape(2, 3, 4, 2, 6, activation, false);
    try (Backend backend = new ReferenceBackend();
        TensorArena arena = backend.arena("bound")) {
      Buffer count = arena.allocate(1);
      count.write(3);
      Buffer x = arena.allocate(ROWS * 3);
      Buffer parameters = arena.allocate(shape.parameterWords());
      Buffer y = arena.allocate(2 * ROWS * 6);
      Buffer random = arena.allocate(4);
      Buffer action = arena.allocate(ROWS * 3);
      Buffer eps = arena.allocate(ROWS * 3);
      RowMode mode = RowMode.SHARED;
      try (Program program =
          backend.record(
              "bound",
              recorder -> {
                recorder.add(
                    new MlpForward(
                        shape, ROWS, mode, 0, 2, precision, x, parameters, null, count, null, y));
                recorder.add(
                    new SquashedGaussian(
                        ROWS, 3, 1, false, y, random, count, null, action, null, eps));
                recorder.add(
                    new SquashedGaussian(
                        ROWS, 3, 1, true, y, random, count, null, action, null, eps));
              })) {
        program.run();
        return COSTS.bound(program);
      }
    }
  }

  @Test
  void thePiecesOfRowsThatArePresentAddUp() {
    double flops = 3 * 2 * 2 * (3 * 4 + 4 * 4 + 4 * 6);
    double draws = 3 * 3 * 1e6;
    double activations = 3 * 2 * 2 * 4 * 1e4;
    assertThat(bound(Activation.RELU, Precision.FP32)).isCloseTo(draws + flops, within(1e-6));
    assertThat(bound(Activation.SILU, Precision.FP32))
        .isCloseTo(draws + activations + flops, within(1e-6));
    assertThat(bound(Activation.RELU, Precision.BF16)).isCloseTo(draws + flops / 2, within(1e-6));
  }

  @Test
  void theLeastOfTwoMeasurementsCounts() {
    assertThat(UnitCosts.UNKNOWN.least(COSTS)).isEqualTo(COSTS);
    assertThat(COSTS.least(new UnitCosts(2, 0.25, 2e4, 1, 1e9)))
        .isEqualTo(new UnitCosts(1, 0.25, 1e4, 1, 1e8));
  }

  @Test
  void everyPieceTakesTime() {
    try (Backend backend = new ReferenceBackend();
        UnitProbe probe = new UnitProbe(backend, 1)) {
      UnitCosts costs = probe.measure();
      assertThat(List.of(costs.flop(), costs.pairedFlop(), costs.normal(), costs.word()))
          .allSatisfy(cost -> assertThat(cost).isPositive().isLessThan(1e-4));
    }
  }

  @Test
  void aWordGoesThereAndBackInNanoseconds() {
    assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
    assertThat(Exchange.nanos()).isBetween(5.0, 1e6);
  }
}
