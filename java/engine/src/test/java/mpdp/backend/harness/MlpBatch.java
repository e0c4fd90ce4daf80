package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of an ensemble MLP; members from first, a count or NO_COUNT. Where rows are
 * ROUTED, a count is the rows of the second member, or of the only one, and the others have none.
 */
record MlpBatch(MlpShape shape, int rows, RowMode mode, int first, int members, int count) {
  static final MlpShape ODD = new MlpShape(3, 7, 17, 2, 5, Activation.SILU, true);

  /** Members, inputs, width, layers, outputs, rows. */
  static final int[][] SIZES = {
    {1, 1, 1, 1, 1, 1},
    {2, 3, 5, 2, 2, 2},
    {3, 17, 16, 1, 7, 15},
    {2, 16, 31, 3, 33, 17},
    {5, 31, 33, 2, 15, 31},
    {2, 5, 64, 2, 1, 64},
    {3, 5, 7, 2, 3, 13},
    {2, 17, 31, 3, 24, 101}
  };

  static MlpBatch all(MlpShape shape, int rows, RowMode mode) {
    return new MlpBatch(shape, rows, mode, 0, shape.members(), NO_COUNT);
  }

  MlpBatch count(int count) {
    return new MlpBatch(shape, rows, mode, first, members, count);
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

  /** Layers of training's widths, and rows in numbers that no tile divides. */
  static List<MlpBatch> uneven() {
    return List.of(
        all(new MlpShape(1, 17, 200, 4, 24, Activation.SILU, false), 97, RowMode.SHARED),
        all(new MlpShape(2, 14, 256, 2, 1, Activation.RELU, true), 31, RowMode.SHARED),
        all(new MlpShape(2, 14, 25, 2, 1, Activation.SILU, true), 523, RowMode.SHARED),
        all(new MlpShape(1, 400, 19, 1, 50, Activation.RELU, false), 259, RowMode.SHARED));
  }

  /** Some members of many, some rows of a batch, and none. */
  static List<MlpBatch> parts() {
    List<MlpBatch> batches = new ArrayList<>();
    for (Activation activation : Activation.values()) {
      for (boolean norm : new boolean[] {false, true}) {
        MlpShape five = new MlpShape(5, 23, 49, 2, 6, activation, norm);
        batches.add(new MlpBatch(five, 67, RowMode.PRIVATE, 1, 3, 59));
        MlpShape two = new MlpShape(2, 3, 17, 1, 2, activation, norm);
        batches.add(all(two, 9, RowMode.SHARED).count(0));
      }
    }
    return batches;
  }

  /** Uneven members, members without rows, rows without members. */
  static List<MlpBatch> byMember() {
    List<MlpBatch> batches = new ArrayList<>();
    for (int[] s : SIZES) {
      for (Activation activation : Activation.values()) {
        boolean norm = activation == Activation.RELU;
        MlpShape shape = new MlpShape(s[0], s[1], s[2], s[3], s[4], activation, norm);
        batches.add(all(shape, s[5], RowMode.ROUTED));
      }
    }
    for (int rows : new int[] {1, 2, 15, 16, 17, 31, 100, 900, 2500}) {
      batches.add(all(ODD, rows, RowMode.ROUTED));
    }
    for (int count : new int[] {0, 1, 32, 33}) {
      batches.add(all(ODD, 33, RowMode.ROUTED).count(count));
    }
    batches.add(new MlpBatch(ODD, 20, RowMode.ROUTED, 1, 2, NO_COUNT));
    for (MlpBatch batch : uneven()) {
      batches.add(all(batch.shape(), batch.rows(), RowMode.ROUTED));
    }
    return batches;
  }

  /** Every kind of network at every size, and counts of rows. */
  static List<MlpBatch> plain() {
    List<MlpBatch> batches = new ArrayList<>();
    for (int[] s : SIZES) {
      for (Activation activation : Activation.values()) {
        for (boolean norm : new boolean[] {false, true}) {
          MlpShape shape = new MlpShape(s[0], s[1], s[2], s[3], s[4], activation, norm);
          batches.add(all(shape, s[5], RowMode.SHARED));
          batches.add(all(shape, s[5], RowMode.PRIVATE));
        }
      }
    }
    for (int count : new int[] {0, 1, 16, 33, 40}) {
      batches.add(all(ODD, 33, RowMode.SHARED).count(count));
      batches.add(all(ODD, 33, RowMode.PRIVATE).count(count));
    }
    for (int rows : new int[] {400, 801}) { // beyond the first sizes of a GPU's tiles
      batches.add(all(ODD, rows, RowMode.SHARED));
      batches.add(all(ODD, rows, RowMode.PRIVATE).count(rows - 35));
    }
    MlpShape wide = new MlpShape(2, 300, 270, 2, 290, Activation.SILU, true);
    batches.add(all(wide, 9, RowMode.SHARED));
    batches.add(new MlpBatch(ODD, 16, RowMode.SHARED, 1, 1, NO_COUNT));
    batches.add(new MlpBatch(ODD, 16, RowMode.PRIVATE, 1, 2, 7));
    return batches;
  }
}
