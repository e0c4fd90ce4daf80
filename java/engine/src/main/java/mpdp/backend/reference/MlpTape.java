package mpdp.backend.reference;

import mpdp.backend.op.MlpShape;

/**
 * Where a tape keeps what; see {@link MlpShape}.
 *
 * @param members that the tape holds, see {@link mpdp.backend.op.RowMode#tapeMembers}
 */
record MlpTape(MlpShape shape, int members, int rows) {

  /** First word of h (members, rows, width) of hidden {@code layer}. */
  long hidden(int layer) {
    return layer * shape.tapeLayerWords(members, rows);
  }

  /** First word of act' (members, rows, width), SiLU only. */
  long slope(int layer) {
    return hidden(layer) + matrix();
  }

  /** First word of the normalised values (members, rows, width), LayerNorm only. */
  long normalised(int layer) {
    return shape.activation() == MlpShape.Activation.SILU
        ? slope(layer) + matrix()
        : hidden(layer) + matrix();
  }

  /** First word of 1 / std (members, rows), LayerNorm only. */
  long invStd(int layer) {
    return normalised(layer) + matrix();
  }

  private long matrix() {
    return MlpShape.align((long) members * rows * shape.width());
  }
}
