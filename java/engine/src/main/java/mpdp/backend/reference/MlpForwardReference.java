package mpdp.backend.reference;

import java.util.Arrays;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;

/** {@link MlpForward}: blocks of one member's rows run side by side. */
final class MlpForwardReference {
  private static final int BLOCK = 64;
  private static final double NORM_EPSILON = 1e-5;

  private final MlpForward op;
  private final MlpShape shape;
  private final MlpTape tape;
  private final FloatProducts products;

  private MlpForwardReference(MlpForward op, FloatProducts products) {
    this.op = op;
    this.products = products;
    this.shape = op.shape();
    this.tape = new MlpTape(shape, op.mode().tapeMembers(op.memberCount()), op.rows());
  }

  static void run(MlpForward op, FloatProducts products) {
    MlpForwardReference forward = new MlpForwardReference(op, products);
    int present = Operands.present(op.rows(), op.count());
    int blocks = (op.rows() + BLOCK - 1) / BLOCK;
    Parallel.run(
        op.memberCount() * blocks,
        task -> {
          int member = task / blocks;
          Buffer offsets = op.offsets();
          int first = offsets == null ? 0 : Operands.getInt(offsets, member);
          int end = offsets == null ? present : Operands.getInt(offsets, member + 1);
          int from = first + task % blocks * BLOCK;
          if (from < end) {
            forward.rows(member, from, Math.min(BLOCK, end - from));
          }
        });
  }

  private void rows(int member, int from, int rows) {
    long xRow = op.mode() == RowMode.PRIVATE ? (long) member * op.rows() + from : from;
    double[] x = Operands.doubles(op.x(), xRow * shape.inputs(), rows * shape.inputs());
    for (int layer = 0; layer < shape.layers(); layer++) {
      double[] h = affine(layer, member, x, rows);
      hidden(layer, member, h, from, rows);
      x = h;
    }
    double[] y = affine(shape.layers(), member, x, rows);
    Operands.putAll(op.y(), keptRow(member, from) * shape.outputs(), y, false);
  }

  /** A row's place in y and on the tape. */
  private long keptRow(int member, int row) {
    return op.mode() == RowMode.ROUTED ? row : (long) member * op.rows() + row;
  }

  /** x W + b. */
  private double[] affine(int layer, int member, double[] x, int rows) {
    int in = shape.in(layer);
    int out = shape.out(layer);
    double[] w = parameters(shape.weights(layer), member, in * out);
    double[] b = parameters(shape.bias(layer), member, out);
    double[] y = new double[rows * out];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(b, 0, y, row * out, out);
    }
    if (op.precision() == Precision.BF16) {
      MatrixMath.multiply(rounded(x), rounded(w), y, rows, in, out);
    } else if (products.splits(op.rows(), op.mode(), op.memberCount(), out)) {
      SplitMatrixMath.multiply(x, w, y, rows, in, out);
    } else {
      MatrixMath.multiply(x, w, y, rows, in, out);
    }
    return y;
  }

  /** The nearest bfloat16 values of {@code values}, as float32 holds these; ties to even. */
  private static double[] rounded(double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits((float) values[i]);
      int half = 0x7FFF + (bits >>> 16 & 1);
      result[i] = Float.intBitsToFloat(bits + half & 0xFFFF0000);
    }
    return result;
  }

  /** One member's part of a parameter block that starts at word {@code block}. */
  private double[] parameters(long block, int member, int words) {
    long from = block + (long) (op.firstMember() + member) * words;
    return Operands.doubles(op.parameters(), from, words);
  }

  /** Norm and activation in place; fills the tape. */
  private void hidden(int layer, int member, double[] z, int from, int rows) {
    long row = keptRow(member, from);
    if (shape.norm()) {
      normalise(layer, member, z, row, rows);
    }
    double[] slope = activate(z);
    if (op.tape() != null) {
      long at = row * shape.width();
      Operands.putAll(op.tape(), tape.hidden(layer) + at, z, false);
      if (shape.activation() == MlpShape.Activation.SILU) {
        Operands.putAll(op.tape(), tape.slope(layer) + at, slope, false);
      }
    }
  }

  private void normalise(int layer, int member, double[] z, long firstRow, int rows) {
    int width = shape.width();
    double[] gain = parameters(shape.gain(layer), member, width);
    double[] shift = parameters(shape.shift(layer), member, width);
    for (int row = 0; row < rows; row++) {
      double[] values = Arrays.copyOfRange(z, row * width, (row + 1) * width);
      double invStd = standardise(values);
      if (op.tape() != null) {
        long at = tape.normalised(layer) + (firstRow + row) * width;
        Operands.putAll(op.tape(), at, values, false);
        Operands.set(op.tape(), tape.invStd(layer) + firstRow + row, invStd);
      }
      for (int i = 0; i < width; i++) {
        z[row * width + i] = values[i] * gain[i] + shift[i];
      }
    }
  }

  /** To mean 0 and variance 1 in place; returns 1 / std. */
  private static double standardise(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double variance = 0;
    for (double value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    double invStd = 1 / Math.sqrt(variance + NORM_EPSILON);
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] - mean) * invStd;
    }
    return invStd;
  }

  /** Applies the activation in place and returns its derivative, empty for ReLU. */
  private double[] activate(double[] z) {
    if (shape.activation() == MlpShape.Activation.RELU) {
      for (int i = 0; i < z.length; i++) {
        z[i] = Math.max(z[i], 0);
      }
      return new double[0];
    }
    double[] slope = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      double sigmoid = Smooth.sigmoid(z[i]);
      slope[i] = sigmoid * (1 + z[i] * (1 - sigmoid));
      z[i] *= sigmoid;
    }
    return slope;
  }
}
