package mpdp.backend.reference;

import mpdp.backend.op.GatherRows;

/** {@link GatherRows}. */
final class GatherRowsReference {
  private GatherRowsReference() {}

  static void run(GatherRows op) {
    int present = Operands.present(op.rows(), op.count());
    int width = op.width();
    for (int row = 0; row < present; row++) {
      int index = Operands.getInt(op.index(), row);
      int from = op.scatter() ? row : index;
      int to = op.scatter() ? index : row;
      Operands.copy(op.in(), (long) from * width, op.out(), (long) to * width, width);
    }
  }
}
