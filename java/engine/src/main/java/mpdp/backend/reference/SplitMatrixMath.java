package mpdp.backend.reference;

/** {@link MatrixMath} as {@link mpdp.backend.op.FloatProducts#SPLIT} has it. */
final class SplitMatrixMath {
  private static final int HIGH_HALF = 0xFFFF0000;

  private SplitMatrixMath() {}

  /** y (rows, out) += x (rows, in) w (in, out), but for the product of the low halves. */
  static void multiply(double[] x, double[] w, double[] y, int rows, int in, int out) {
    double[] highX = new double[x.length];
    double[] bothX = new double[x.length];
    split(x, highX, bothX);
    double[] highW = new double[w.length];
    double[] lowW = new double[w.length];
    split(w, highW, lowW);
    for (int i = 0; i < w.length; i++) {
      lowW[i] -= highW[i];
    }
    MatrixMath.multiply(bothX, highW, y, rows, in, out);
    MatrixMath.multiply(highX, lowW, y, rows, in, out);
  }

  /** The nearest bfloat16 values, and their sums with those nearest to what is left. */
  private static void split(double[] values, double[] high, double[] both) {
    for (int i = 0; i < values.length; i++) {
      float value = (float) values[i];
      high[i] = nearest(value);
      both[i] = high[i] + nearest(value - (float) high[i]);
    }
  }

  /** The nearest bfloat16 value; ties away from zero, as the kernels round. */
  private static float nearest(float value) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) + 0x8000 & HIGH_HALF);
  }
}
