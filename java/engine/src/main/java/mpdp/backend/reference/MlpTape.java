package mpdp.backend.reference;

import mpdp.backend.op.MlpShape;

/**
 * Where a tape keeps what, for {@code memberCount} x {@code rows} evaluations; see {@link
 * MlpShape}.
 */
record MlpTape(MlpShape shape, int memberCount, int rows) {

  /** First word of h (memberCount, rows, width) of hidden {@code layer}. */
  long hidden(int layer) {
    return layer * shape.tapeLayerWords(memberCount, rows);
  }

  /** First word of act' (memberCount, rows, width), SiLU only. */
  long slope(int layer) {
    return hidden(layer) + matrix();
  }

  /** First word of the normalised values (memberCount, rows, width), LayerNorm only. */
  long normalised(int layer) {
    return shape.activation() == MlpShape.Activation.SILU
        ? slope(layer) + matrix()
        : hidden(layer) + matrix();
  }

  /** First word of 1 / std (memberCount, rows), LayerNorm only. */
  long inverse(int layer) {
    return normalised(layer) + matrix();
  }

  private long matrix() {
    return MlpShape.align((long) memberCount * rows * shape.width());
  }
}
