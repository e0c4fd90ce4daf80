package mpdp.benchmark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import mpdp.backend.Program;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.RowMode;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;

class CostTest {
  private static final MlpShape SHAPE = new MlpShape(3, 2, 4, 1, 2, Activation.RELU, false);
  private static final int ROWS = 8;

  @Test
  void routedRowsCountOnceAndOnlyThosePresent() {
    try (ReferenceBackend backend = new ReferenceBackend();
        TensorArena arena = backend.arena("cost")) {
      Buffer offsets = arena.allocate(4);
      offsets.write(0, 2, 2, 6);
      Buffer x = arena.allocate(ROWS * 2);
      Buffer parameters = arena.allocate(SHAPE.parameterWords());
      Buffer tape = arena.allocate(SHAPE.tapeWords(1, ROWS));
      Buffer y = arena.allocate(ROWS * 2);
      Buffer scratch = arena.allocate(SHAPE.scratchWords(1, ROWS));
      RowMode mode = RowMode.ROUTED;
      try (Program program =
          backend.record(
              "routed",
              recorder -> {
                recorder.add(
                    new MlpForward(SHAPE, ROWS, mode, 0, 3, x, parameters, offsets, null, tape, y));
                recorder.add(
                    new MlpBackward(
                        SHAPE,
                        ROWS,
                        mode,
                        0,
                        3,
                        false,
                        false,
                        x,
                        parameters,
                        tape,
                        y,
                        offsets,
                        null,
                        scratch,
                        null,
                        x));
              })) {
        program.run();
        Cost cost = Cost.of(program);
        assertThat(cost.flops()).isEqualTo(2 * 6 * SHAPE.flopsPerRow());
        assertThat(cost.launches()).isEqualTo(2);
      }
    }
  }
}
