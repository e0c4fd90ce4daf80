package mpdp.backend.op;

/** How a back end multiplies what networks hold as {@link Precision#FP32}. */
public enum FloatProducts {
  /** As float32. */
  WHOLE,
  /**
   * Each float as the sum of two bfloat16 values, without the product of the two low ones
   * (docs/decisions/021-split-floats.md): 16 to 17 bits. Layers of one output stay float32, and so
   * do networks of fewer than {@value #FEW_ROWS} rows a member.
   */
  SPLIT,
  /**
   * Rounded to TF32 first, as tensor cores take them: 11 bits. The reference multiplies them as
   * float32.
   */
  TF32;

  private static final int FEW_ROWS = 32;

  /** Whether a layer of {@code outputs} is multiplied in halves. */
  public boolean splits(int rows, RowMode mode, int memberCount, int outputs) {
    long few = FEW_ROWS * (mode == RowMode.ROUTED ? (long) memberCount : 1);
    return this == SPLIT && outputs > 1 && rows >= few;
  }
}
