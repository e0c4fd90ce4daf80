package mpdp.backend.reference;

/** Row-major matrix products in double, with inner loops that the compiler vectorises. */
final class MatrixMath {
  private MatrixMath() {}

  /** y (rows, out) += x (rows, in) w (in, out). */
  static void multiply(double[] x, double[] w, double[] y, int rows, int in, int out) {
    for (int row = 0; row < rows; row++) {
      int i = 0;
      for (; i + 4 <= in; i += 4) {
        addFour(x, row * in + i, w, i * out, y, row * out, out);
      }
      for (; i < in; i++) {
        addScaled(x[row * in + i], w, i * out, y, row * out, out);
      }
    }
  }

  /** Adds four rows of w at once: y is loaded and stored once instead of four times. */
  private static void addFour(
      double[] x, int xFrom, double[] w, int wFrom, double[] y, int yFrom, int out) {
    double x0 = x[xFrom];
    double x1 = x[xFrom + 1];
    double x2 = x[xFrom + 2];
    double x3 = x[xFrom + 3];
    for (int o = 0; o < out; o++) {
      y[yFrom + o] +=
          x0 * w[wFrom + o]
              + x1 * w[wFrom + out + o]
              + x2 * w[wFrom + 2 * out + o]
              + x3 * w[wFrom + 3 * out + o];
    }
  }

  /** (in, out) to (out, in). */
  static double[] transpose(double[] w, int in, int out) {
    double[] transposed = new double[w.length];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        transposed[o * in + i] = w[i * out + o];
      }
    }
    return transposed;
  }

  /** The sum over rows of x (rows, width). */
  static double[] columnSums(double[] x, int rows, int width) {
    double[] sums = new double[width];
    for (int row = 0; row < rows; row++) {
      addScaled(1, x, row * width, sums, 0, width);
    }
    return sums;
  }

  private static void addScaled(
      double factor, double[] x, int xFrom, double[] y, int yFrom, int count) {
    for (int i = 0; i < count; i++) {
      y[yFrom + i] += factor * x[xFrom + i];
    }
  }
}
