package mpdp.backend.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Op;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.jspecify.annotations.Nullable;

/** Cases of the ensemble MLP. */
final class MlpCases {
  private MlpCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (MlpBatch batch : MlpBatch.plain()) {
      cases.add(forward(batch, true));
      cases.add(backward(batch, true, true, false));
    }
    List<MlpBatch> more = new ArrayList<>(MlpBatch.uneven());
    more.addAll(MlpBatch.parts());
    for (MlpBatch batch : more) {
      cases.add(forward(batch, true));
      cases.add(backward(batch, true, true, false));
      cases.add(backward(batch, true, true, true));
    }
    for (MlpBatch batch : MlpBatch.byMember()) {
      cases.add(forward(batch, true));
      cases.add(forward(batch, false));
      cases.add(backward(batch, false, true, false));
      cases.add(backward(batch, false, true, true));
    }
    cases.addAll(rounded());
    MlpBatch odd = MlpBatch.all(MlpBatch.ODD, 33, RowMode.SHARED);
    cases.add(forward(odd, false));
    for (RowMode mode : List.of(RowMode.SHARED, RowMode.PRIVATE)) {
      cases.add(backward(MlpBatch.all(MlpBatch.ODD, 33, mode), true, false, false));
      cases.add(backward(MlpBatch.all(MlpBatch.ODD, 33, mode), false, true, false));
      cases.add(backward(MlpBatch.all(MlpBatch.ODD, 33, mode), true, true, true));
      cases.add(backward(MlpBatch.all(MlpBatch.ODD, 33, mode).count(5), true, true, true));
    }
    real(cases);
    return cases;
  }

  private static List<OpCase> rounded() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] s : MlpBatch.SIZES) {
      MlpShape shape = new MlpShape(s[0], s[1], s[2], s[3], s[4], Activation.SILU, s[0] > 2);
      for (RowMode mode : RowMode.values()) {
        cases.add(forward(MlpBatch.all(shape, s[5], mode), s[0] % 2 == 1, Precision.BF16));
      }
    }
    for (int rows : new int[] {1, 7, 31, 100, 900}) {
      cases.add(forward(MlpBatch.all(MlpBatch.ODD, rows, RowMode.ROUTED), false, Precision.BF16));
      cases.add(
          forward(
              MlpBatch.all(MlpBatch.ODD, rows, RowMode.SHARED).count(rows - 1),
              true,
              Precision.BF16));
    }
    cases.add(biased());
    return cases;
  }

  /**
   * Every product's rounding goes the same way, by 0.4 % of each factor, and all sums and hidden
   * units are exact: wrong without the rounding, or with another one.
   */
  private static OpCase biased() {
    MlpShape shape = new MlpShape(2, 9, 16, 1, 3, Activation.RELU, false);
    return OpCase.of(
        Op.MLP_FORWARD,
        "rounded up bf16",
        1,
        m -> {
          float[] x = new float[5 * shape.inputs()];
          Arrays.fill(x, 1 + 0x1p-8f + 0x1p-12f);
          float[] parameters = new float[Math.toIntExact(shape.parameterWords())];
          Arrays.fill(parameters, 0, (int) shape.bias(0), 1 + 0x1p-8f); // ties to 1
          long last = shape.weights(1);
          Arrays.fill(parameters, (int) last, (int) shape.bias(1), 1 + 0x3p-8f); // ties to 1 + 2^-6
          return new MlpForward(
              shape,
              5,
              RowMode.SHARED,
              0,
              2,
              Precision.BF16,
              m.floats(x),
              m.floats(parameters),
              null,
              null,
              null,
              m.out(2L * 5 * shape.outputs()));
        });
  }

  private static void real(List<OpCase> cases) {
    MlpShape model = new MlpShape(7, 14, 200, 4, 24, Activation.SILU, false);
    MlpShape critics = new MlpShape(2, 14, 256, 2, 1, Activation.RELU, false);
    MlpShape fast = new MlpShape(8, 14, 256, 2, 24, Activation.SILU, true);
    MlpShape small = new MlpShape(2, 14, 128, 2, 1, Activation.RELU, true);
    for (MlpBatch batch :
        List.of(
            MlpBatch.all(model, 256, RowMode.PRIVATE),
            MlpBatch.all(critics, 256, RowMode.SHARED),
            MlpBatch.all(fast, 256, RowMode.SHARED),
            MlpBatch.all(small, 128, RowMode.SHARED))) {
      cases.add(forward(batch, true).asReal());
      cases.add(backward(batch, true, true, false).asReal());
    }
    MlpBatch routed = MlpBatch.all(model, 256, RowMode.ROUTED);
    cases.add(forward(routed, false, Precision.BF16).asReal());
    cases.add(forward(MlpBatch.all(model, 256, RowMode.SHARED), true, Precision.BF16).asReal());
    cases.add(forward(routed, false).asReal());
    cases.add(forward(routed, true).asReal());
    cases.add(backward(routed, false, true, false).asReal());
    // Two square layers: what dense kernels of other programs are measured on.
    MlpShape square = new MlpShape(7, 200, 200, 1, 200, Activation.RELU, false);
    cases.add(forward(MlpBatch.all(square, 256, RowMode.PRIVATE), false).asReal());
    MlpBatch many = MlpBatch.all(square, 1024, RowMode.PRIVATE);
    cases.add(forward(many, false).asReal());
    cases.add(backward(many, true, true, false).asReal());
  }

  private static OpCase forward(MlpBatch b, boolean taped) {
    return forward(b, taped, Precision.FP32);
  }

  /**
   * In BF16 a hidden unit that is a rounding away from the middle of two bfloat16 values may go
   * either way: the tolerance is that of such steps, 1 %. A unit of 2 to 4 steps by 0.016, and a
   * weight may be 0.6.
   */
  private static OpCase forward(MlpBatch b, boolean taped, Precision precision) {
    MlpShape shape = b.shape();
    boolean rounds = precision == Precision.BF16;
    return OpCase.of(
        Op.MLP_FORWARD,
        b.label() + (taped ? " tape" : "") + (rounds ? " bf16" : ""),
        rounds ? 2.5e7 : shape.width() + shape.inputs(),
        m ->
            new MlpForward(
                shape,
                b.rows(),
                b.mode(),
                b.first(),
                b.members(),
                precision,
                m.normals(b.x()),
                parameters(m, shape),
                b.offsets(m),
                b.countOperand(m),
                taped ? m.out(shape.tapeWords(b.kept(), b.rows())) : null,
                m.out(b.y())));
  }

  private static OpCase backward(MlpBatch b, boolean weights, boolean inputs, boolean accumulate) {
    MlpShape shape = b.shape();
    return OpCase.of(
        Op.MLP_BACKWARD,
        "%s%s%s%s"
            .formatted(
                b.label(),
                weights ? " weights" : "",
                inputs ? " inputs" : "",
                accumulate ? " accumulate" : ""),
        shape.width() + shape.outputs() + (double) b.rows() * b.members(),
        m -> {
          Buffer x = m.normals(b.x());
          Buffer parameters = parameters(m, shape);
          Buffer offsets = b.offsets(m);
          Buffer tape = tape(m, b, x, parameters, offsets);
          return new MlpBackward(
              shape,
              b.rows(),
              b.mode(),
              b.first(),
              b.members(),
              accumulate,
              accumulate,
              x,
              parameters,
              tape,
              m.normals(b.y()),
              offsets,
              b.countOperand(m),
              m.out(shape.scratchWords(b.kept(), b.rows())),
              weights ? m.updated(shape.parameterWords(), accumulate) : null,
              inputs ? m.updated(b.x(), accumulate) : null);
        });
  }

  /** Weights and biases that keep values near 1, gains around 1. */
  static Buffer parameters(CaseMemory m, MlpShape shape) {
    float[] values = new float[Math.toIntExact(shape.parameterWords())];
    for (int layer = 0; layer <= shape.layers(); layer++) {
      double scale = 1 / Math.sqrt(shape.in(layer));
      long end = layer == shape.layers() ? values.length : shape.weights(layer + 1);
      for (long i = shape.weights(layer); i < end; i++) {
        boolean weight = i < shape.bias(layer);
        boolean gain = i >= shape.gain(layer) && i < shape.shift(layer);
        values[(int) i] =
            (float) ((gain ? 1 : 0) + (weight ? scale : 0.2) * m.random().nextGaussian());
      }
    }
    return m.floats(values);
  }

  /** What the reference's forward pass keeps for these operands. */
  private static Buffer tape(
      CaseMemory m, MlpBatch b, Buffer x, Buffer parameters, @Nullable Buffer offsets) {
    MlpShape shape = b.shape();
    try (HostArena arena = new HostArena("tape");
        ReferenceBackend reference = new ReferenceBackend()) {
      Buffer tape = arena.allocate(shape.tapeWords(b.kept(), b.rows()));
      reference.run(
          new MlpForward(
              shape,
              b.rows(),
              b.mode(),
              b.first(),
              b.members(),
              host(arena, x),
              host(arena, parameters),
              offsets == null ? null : hostInts(arena, offsets),
              null,
              tape,
              arena.allocate(b.y())));
      return m.floats(tape.floats());
    }
  }

  private static Buffer hostInts(HostArena arena, Buffer buffer) {
    Buffer copy = arena.allocate(buffer.words());
    copy.write(buffer.ints());
    return copy;
  }

  private static Buffer host(HostArena arena, @Nullable Buffer buffer) {
    Buffer copy = arena.allocate(buffer.words());
    copy.write(buffer.floats());
    return copy;
  }
}
