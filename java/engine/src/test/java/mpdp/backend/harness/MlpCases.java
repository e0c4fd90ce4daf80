package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Op;
import mpdp.backend.op.RowMode;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.jspecify.annotations.Nullable;

/** Cases of the ensemble MLP. */
final class MlpCases {
  private static final MlpShape ODD = new MlpShape(3, 7, 17, 2, 5, Activation.SILU, true);

  private MlpCases() {}

  /** One evaluation; members from first, a count or NO_COUNT. */
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
      if (batch.mode() != RowMode.ROUTED) {
        cases.add(backward(batch, true, true, false));
      }
    }
    Batch odd = Batch.all(ODD, 33, RowMode.SHARED);
    cases.add(forward(odd, false));
    for (RowMode mode : List.of(RowMode.SHARED, RowMode.PRIVATE)) {
      cases.add(backward(Batch.all(ODD, 33, mode), true, false, false));
      cases.add(backward(Batch.all(ODD, 33, mode), false, true, false));
      cases.add(backward(Batch.all(ODD, 33, mode), true, true, true));
      cases.add(backward(Batch.all(ODD, 33, mode).count(5), true, true, true));
    }
    for (int rows : new int[] {1, 2, 15, 16, 17, 31, 100, 900, 2500}) {
      cases.add(forward(Batch.all(ODD, rows, RowMode.ROUTED), false));
    }
    cases.add(forward(new Batch(ODD, 20, RowMode.ROUTED, 1, 2, NO_COUNT), false));
    real(cases);
    return cases;
  }

  private static List<Batch> batches() {
    List<Batch> batches = new ArrayList<>();
    int[][] sizes = {
      {1, 1, 1, 1, 1, 1},
      {2, 3, 5, 2, 2, 2},
      {3, 17, 16, 1, 7, 15},
      {2, 16, 31, 3, 33, 17},
      {5, 31, 33, 2, 15, 31},
      {2, 5, 64, 2, 1, 64}
    };
    for (int[] s : sizes) {
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
    for (Batch batch :
        List.of(
            Batch.all(model, 256, RowMode.PRIVATE),
            Batch.all(critics, 256, RowMode.SHARED),
            Batch.all(fast, 256, RowMode.SHARED))) {
      cases.add(forward(batch, true).asReal());
      cases.add(backward(batch, true, true, false).asReal());
    }
    cases.add(forward(Batch.all(model, 256, RowMode.ROUTED), false).asReal());
  }

  private static OpCase forward(Batch b, boolean keep) {
    MlpShape shape = b.shape();
    boolean taped = keep && b.mode() != RowMode.ROUTED;
    return OpCase.of(
        Op.MLP_FORWARD,
        b.label() + (taped ? " tape" : ""),
        shape.width() + shape.inputs(),
        m ->
            new MlpForward(
                shape,
                b.rows(),
                b.mode(),
                b.first(),
                b.members(),
                m.normals(b.x()),
                parameters(m, shape),
                b.mode() == RowMode.ROUTED ? offsets(m, b.members(), b.rows()) : null,
                m.count(b.count()),
                taped ? m.out(shape.tapeWords(b.members(), b.rows())) : null,
                m.out(
                    (b.mode() == RowMode.ROUTED ? 1L : b.members()) * b.rows() * shape.outputs())));
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
          Buffer tape = tape(m, b, x, parameters);
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
              m.normals((long) b.members() * b.rows() * shape.outputs()),
              m.count(b.count()),
              m.out(shape.scratchWords(b.members(), b.rows())),
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

  private static Buffer offsets(CaseMemory m, int members, int rows) {
    int[] offsets = new int[members + 1];
    for (int i = 1; i <= members; i++) {
      int left = rows - offsets[i - 1];
      offsets[i] = offsets[i - 1] + m.random().nextInt(Math.min(left, 2 * rows / members + 1) + 1);
    }
    return m.ints(offsets);
  }

  /** What the reference's forward pass keeps for these operands. */
  private static Buffer tape(CaseMemory m, Batch b, Buffer x, Buffer parameters) {
    MlpShape shape = b.shape();
    try (HostArena arena = new HostArena("tape");
        ReferenceBackend reference = new ReferenceBackend()) {
      Buffer tape = arena.allocate(shape.tapeWords(b.members(), b.rows()));
      reference.run(
          new MlpForward(
              shape,
              b.rows(),
              b.mode(),
              b.first(),
              b.members(),
              host(arena, x),
              host(arena, parameters),
              null,
              null,
              tape,
              arena.allocate((long) b.members() * b.rows() * shape.outputs())));
      return m.floats(tape.floats());
    }
  }

  private static Buffer host(HostArena arena, @Nullable Buffer buffer) {
    Buffer copy = arena.allocate(buffer.words());
    copy.write(buffer.floats());
    return copy;
  }
}
