package mpdp.backend.reference;

import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;

/** {@link MlpBackward} of one member; members run side by side. */
final class MlpBackwardReference {
  private final MlpBackward op;
  private final MlpShape shape;
  private final MlpTape tape;
  private final int member;
  private final FloatProducts products;

  /** The member's first row in dy, tape and scratch, and how many it has. */
  private final long first;

  private final int rows;

  private MlpBackwardReference(MlpBackward op, int member, FloatProducts products) {
    this.op = op;
    this.products = products;
    this.shape = op.shape();
    this.tape = new MlpTape(shape, op.mode().tapeMembers(op.memberCount()), op.rows());
    this.member = member;
    this.first = first(op, member);
    this.rows =
        op.offsets() == null
            ? Operands.present(op.rows(), op.count())
            : Math.toIntExact(first(op, member + 1) - first);
  }

  private static long first(MlpBackward op, int member) {
    Buffer offsets = op.offsets();
    return offsets == null ? (long) member * op.rows() : Operands.getInt(offsets, member);
  }

  static void run(MlpBackward op, FloatProducts products) {
    double[][] dx = new double[op.memberCount()][];
    Parallel.run(
        op.memberCount(),
        member -> dx[member] = new MlpBackwardReference(op, member, products).run());
    Buffer inputs = op.dx();
    if (inputs != null) {
      storeInputs(op, dx, inputs);
    }
  }

  /** Writes the member's parameter gradients and returns its dx (rows, inputs). */
  private double[] run() {
    int outputs = shape.outputs();
    double[] dz = Operands.doubles(op.dy(), first * outputs, rows * outputs);
    for (int layer = shape.layers(); layer > 0; layer--) {
      double[] below = taped(tape.hidden(layer - 1));
      affineGradients(layer, below, dz);
      dz = inputGradient(layer, dz);
      hidden(layer - 1, below, dz);
    }
    long from = op.mode() == RowMode.SHARED ? 0 : first;
    int inputs = shape.inputs();
    affineGradients(0, Operands.doubles(op.x(), from * inputs, rows * inputs), dz);
    return op.dx() == null ? new double[0] : inputGradient(0, dz);
  }

  private double[] taped(long block) {
    return Operands.doubles(op.tape(), block + first * shape.width(), rows * shape.width());
  }

  private long parameter(long block, int words) {
    return block + (long) (op.firstMember() + member) * words;
  }

  /** dW = x^T dz, db = column sums of dz. */
  private void affineGradients(int layer, double[] x, double[] dz) {
    if (op.dParameters() == null) {
      return;
    }
    int in = shape.in(layer);
    int out = shape.out(layer);
    double[] dw = new double[in * out];
    multiply(MatrixMath.transpose(x, rows, in), dz, dw, in, rows, out, out);
    store(shape.weights(layer), dw);
    store(shape.bias(layer), MatrixMath.columnSums(dz, rows, out));
  }

  private void store(long block, double[] gradient) {
    if (op.dParameters() != null) {
      Operands.putAll(
          op.dParameters(), parameter(block, gradient.length), gradient, op.accumulateParameters());
    }
  }

  /** dz W^T. */
  private double[] inputGradient(int layer, double[] dz) {
    int in = shape.in(layer);
    int out = shape.out(layer);
    double[] w =
        Operands.doubles(op.parameters(), parameter(shape.weights(layer), in * out), in * out);
    double[] dx = new double[rows * in];
    multiply(dz, MatrixMath.transpose(w, in, out), dx, rows, out, in, out);
    return dx;
  }

  /** y (n, m) += x (n, depth) w (depth, m) of a layer with {@code outputs}. */
  private void multiply(double[] x, double[] w, double[] y, int n, int depth, int m, int outputs) {
    if (products.splits(op.rows(), op.mode(), op.memberCount(), outputs)) {
      SplitMatrixMath.multiply(x, w, y, n, depth, m);
    } else {
      MatrixMath.multiply(x, w, y, n, depth, m);
    }
  }

  /** From dh to dz of a hidden layer, in place: activation, then norm. */
  private void hidden(int layer, double[] h, double[] dz) {
    if (shape.activation() == MlpShape.Activation.RELU) {
      for (int i = 0; i < dz.length; i++) {
        dz[i] = h[i] > 0 ? dz[i] : 0;
      }
    } else {
      double[] slope = taped(tape.slope(layer));
      for (int i = 0; i < dz.length; i++) {
        dz[i] *= slope[i];
      }
    }
    if (shape.norm()) {
      normBackward(layer, dz);
    }
  }

  /** With n normalised and dn = gain dz: (dn - mean dn - n mean(n dn)) / std. */
  private void normBackward(int layer, double[] dz) {
    int width = shape.width();
    double[] n = taped(tape.normalised(layer));
    double[] invStd = Operands.doubles(op.tape(), tape.invStd(layer) + first, rows);
    double[] gain = Operands.doubles(op.parameters(), parameter(shape.gain(layer), width), width);
    store(shape.shift(layer), MatrixMath.columnSums(dz, rows, width));
    double[] dGain = new double[width];
    for (int row = 0; row < rows; row++) {
      double mean = 0;
      double meanN = 0;
      for (int i = 0, at = row * width; i < width; i++, at++) {
        dGain[i] += dz[at] * n[at];
        dz[at] *= gain[i];
        mean += dz[at] / width;
        meanN += dz[at] * n[at] / width;
      }
      for (int at = row * width; at < (row + 1) * width; at++) {
        dz[at] = invStd[row] * (dz[at] - mean - n[at] * meanN);
      }
    }
    store(shape.gain(layer), dGain);
  }

  /** Each member's dx to its own rows, or the sum in member order where rows are shared. */
  private static void storeInputs(MlpBackward op, double[][] dx, Buffer inputs) {
    if (op.mode() != RowMode.SHARED) {
      for (int member = 0; member < dx.length; member++) {
        long at = first(op, member) * op.shape().inputs();
        Operands.putAll(inputs, at, dx[member], op.accumulateInputs());
      }
      return;
    }
    double[] sum = dx[0];
    for (int member = 1; member < dx.length; member++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += dx[member][i];
      }
    }
    Operands.putAll(inputs, 0, sum, op.accumulateInputs());
  }
}
