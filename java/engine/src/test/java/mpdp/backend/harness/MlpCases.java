package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

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
  private static final MlpShape ODD = new MlpShape(3, 7, 17, 2, 5, Activation.SILU, true);

  /** Members, inputs, width, layers, outputs, rows. */
  private static final int[][] SIZES = {
    {1, 1, 1, 1, 1, 1},
    {2, 3, 5, 2, 2, 2},
    {3, 17, 16, 1, 7, 15},
    {2, 16, 31, 3, 33, 17},
    {5, 31, 33, 2, 15, 31},
    {2, 5, 64, 2, 1, 64}
  };

  private MlpCases() {}

  /**
   * One evaluation; members from first, a count or NO_COUNT. Where rows are ROUTED, a count is the
   * rows of the second member, or of the only one, and the others have none.
   */
  private record Batch(MlpShape shape, int rows, RowMode mode, int first, int members, int count) {
    static Batch all(MlpShape shape, int rows, RowMode mode) {
      return new Batch(shape, rows, mode, 0, shape.members(), NO_COUNT);
    }

    Batch count(int count) {
      return new Batch(shape, rows, mode, first, members, count);
    }

    long x() {
      return (mode == RowMode.PRIVATE ? members : 1L) * rows * shape.inputs();
    }

    long y() {
      return (long) kept() * rows * shape.outputs();
    }

    /** Members on the tape. */
    int kept() {
      return mode.tapeMembers(members);
    }

    boolean routed() {
      return mode == RowMode.ROUTED;
    }

    @Nullable Buffer countOperand(CaseMemory m) {
      return m.count(routed() ? NO_COUNT : count);
    }

    @Nullable Buffer offsets(CaseMemory m) {
      if (!routed()) {
        return null;
      }
      int[] offsets = new int[members + 1];
      for (int i = 1; i <= members; i++) {
        int left = rows - offsets[i - 1];
        int some = m.random().nextInt(Math.min(left, 2 * rows / members + 1) + 1);
        int mine = i == Math.min(2, members) ? count : 0;
        offsets[i] = offsets[i - 1] + (count == NO_COUNT ? some : mine);
      }
      return m.ints(offsets);
    }

    String label() {
      return "%dx%d %d-%dx%d-%d %s %s%s members %d+%d count %d"
          .formatted(
              shape.members(),
              rows,
              shape.inputs(),
              shape.layers(),
              shape.width(),
              shape.outputs(),
              mode,
              shape.activation(),
              shape.norm() ? " norm" : "",
              first,
              members,
              count);
    }
  }

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Batch batch : batches()) {
      cases.add(forward(batch, true));
      cases.add(backward(batch, true, true, false));
    }
    for (Batch batch : routed()) {
      cases.add(forward(batch, true));
      cases.add(forward(batch, false));
      cases.add(backward(batch, false, true, false));
      cases.add(backward(batch, false, true, true));
    }
    cases.addAll(rounded());
    Batch odd = Batch.all(ODD, 33, RowMode.SHARED);
    cases.add(forward(odd, false));
    for (RowMode mode : List.of(RowMode.SHARED, RowMode.PRIVATE)) {
      cases.add(backward(Batch.all(ODD, 33, mode), true, false, false));
      cases.add(backward(Batch.all(ODD, 33, mode), false, true, false));
      cases.add(backward(Batch.all(ODD, 33, mode), true, true, true));
      cases.add(backward(Batch.all(ODD, 33, mode).count(5), true, true, true));
    }
    real(cases);
    return cases;
  }

  private static List<OpCase> rounded() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] s : SIZES) {
      MlpShape shape = new MlpShape(s[0], s[1], s[2], s[3], s[4], Activation.SILU, s[0] > 2);
      for (RowMode mode : RowMode.values()) {
        cases.add(forward(Batch.all(shape, s[5], mode), s[0] % 2 == 1, Precision.BF16));
      }
    }
    for (int rows : new int[] {1, 7, 31, 100, 900}) {
      cases.add(forward(Batch.all(ODD, rows, RowMode.ROUTED), false, Precision.BF16));
      cases.add(
          forward(Batch.all(ODD, rows, RowMode.SHARED).count(rows - 1), true, Precision.BF16));
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

  /** Uneven members, members without rows, rows without members. */
  private static List<Batch> routed() {
    List<Batch> batches = new ArrayList<>();
    for (int[] s : SIZES) {
      for (Activation activation : Activation.values()) {
        boolean norm = activation == Activation.RELU;
        MlpShape shape = new MlpShape(s[0], s[1], s[2], s[3], s[4], activation, norm);
        batches.add(Batch.all(shape, s[5], RowMode.ROUTED));
      }
    }
    for (int rows : new int[] {1, 2, 15, 16, 17, 31, 100, 900, 2500}) {
      batches.add(Batch.all(ODD, rows, RowMode.ROUTED));
    }
    for (int count : new int[] {0, 1, 32, 33}) {
      batches.add(Batch.all(ODD, 33, RowMode.ROUTED).count(count));
    }
    batches.add(new Batch(ODD, 20, RowMode.ROUTED, 1, 2, NO_COUNT));
    return batches;
  }

  private static List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    for (int[] s : SIZES) {
      for (Activation activation : Activation.values()) {
        for (boolean norm : new boolean[] {false, true}) {
          MlpShape shape = new MlpShape(s[0], s[1], s[2], s[3], s[4], activation, norm);
          batches.add(Batch.all(shape, s[5], RowMode.SHARED));
          batches.add(Batch.all(shape, s[5], RowMode.PRIVATE));
        }
      }
    }
    for (int count : new int[] {0, 1, 16, 33, 40}) {
      batches.add(Batch.all(ODD, 33, RowMode.SHARED).count(count));
      batches.add(Batch.all(ODD, 33, RowMode.PRIVATE).count(count));
    }
    for (int rows : new int[] {400, 801}) { // beyond the first sizes of a GPU's tiles
      batches.add(Batch.all(ODD, rows, RowMode.SHARED));
      batches.add(Batch.all(ODD, rows, RowMode.PRIVATE).count(rows - 35));
    }
    MlpShape wide = new MlpShape(2, 300, 270, 2, 290, Activation.SILU, true);
    batches.add(Batch.all(wide, 9, RowMode.SHARED));
    batches.add(new Batch(ODD, 16, RowMode.SHARED, 1, 1, NO_COUNT));
    batches.add(new Batch(ODD, 16, RowMode.PRIVATE, 1, 2, 7));
    return batches;
  }

  private static void real(List<OpCase> cases) {
    MlpShape model = new MlpShape(7, 14, 200, 4, 24, Activation.SILU, false);
    MlpShape critics = new MlpShape(2, 14, 256, 2, 1, Activation.RELU, false);
    MlpShape fast = new MlpShape(8, 14, 256, 2, 24, Activation.SILU, true);
    MlpShape small = new MlpShape(2, 14, 128, 2, 1, Activation.RELU, true);
    for (Batch batch :
        List.of(
            Batch.all(model, 256, RowMode.PRIVATE),
            Batch.all(critics, 256, RowMode.SHARED),
            Batch.all(fast, 256, RowMode.SHARED),
            Batch.all(small, 128, RowMode.SHARED))) {
      cases.add(forward(batch, true).asReal());
      cases.add(backward(batch, true, true, false).asReal());
    }
    Batch routed = Batch.all(model, 256, RowMode.ROUTED);
    cases.add(forward(routed, false, Precision.BF16).asReal());
    cases.add(forward(Batch.all(model, 256, RowMode.SHARED), true, Precision.BF16).asReal());
    cases.add(forward(routed, false).asReal());
    cases.add(forward(routed, true).asReal());
    cases.add(backward(routed, false, true, false).asReal());
    // Two square layers: what dense kernels of other programs are measured on.
    MlpShape square = new MlpShape(7, 200, 200, 1, 200, Activation.RELU, false);
    cases.add(forward(Batch.all(square, 256, RowMode.PRIVATE), false).asReal());
    Batch many = Batch.all(square, 1024, RowMode.PRIVATE);
    cases.add(forward(many, false).asReal());
    cases.add(backward(many, true, true, false).asReal());
  }

  private static OpCase forward(Batch b, boolean taped) {
    return forward(b, taped, Precision.FP32);
  }

  /**
   * In BF16 a hidden unit that is a rounding away from the middle of two bfloat16 values may go
   * either way: the tolerance is that of such steps, 1 %. A unit of 2 to 4 steps by 0.016, and a
   * weight may be 0.6.
   */
  private static OpCase forward(Batch b, boolean taped, Precision precision) {
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

  private static OpCase backward(Batch b, boolean weights, boolean inputs, boolean accumulate) {
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
      CaseMemory m, Batch b, Buffer x, Buffer parameters, @Nullable Buffer offsets) {
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
