package mpdp.backend.reference;

import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;

/** {@link MlpBackward}: members run side by side; a shared dx is summed in member order. */
final class MlpBackwardReference {
  private final MlpBackward op;
  private final MlpShape shape;
  private final MlpTape tape;
  private final int rows;

  private MlpBackwardReference(MlpBackward op) {
    this.op = op;
    this.shape = op.shape();
    this.tape = new MlpTape(shape, op.memberCount(), op.rows());
    this.rows = Operands.present(op.rows(), op.count());
  }

  static void run(MlpBackward op) {
    MlpBackwardReference backward = new MlpBackwardReference(op);
    double[][] dx = new double[op.memberCount()][];
    Parallel.run(op.memberCount(), member -> dx[member] = backward.member(member));
    Buffer inputs = op.dx();
    if (inputs != null) {
      backward.storeInputs(dx, inputs);
    }
  }

  /** Writes one member's parameter gradients and returns its dx (rows, inputs). */
  private double[] member(int member) {
    double[] dz = Operands.doubles(op.dy(), start(member, shape.outputs()), rows * shape.outputs());
    for (int layer = shape.layers(); layer > 0; layer--) {
      double[] below = taped(tape.hidden(layer - 1), member);
      affineGradients(layer, member, below, dz);
      dz = inputGradient(layer, member, dz);
      hidden(layer - 1, member, below, dz);
    }
    int xMember = op.mode() == RowMode.PRIVATE ? member : 0;
    int inputs = shape.inputs();
    affineGradients(0, member, Operands.doubles(op.x(), start(xMember, inputs), rows * inputs), dz);
    return op.dx() == null ? new double[0] : inputGradient(0, member, dz);
  }

  /** First word of a member's rows in a (members, rows, width) block. */
  private long start(int member, int width) {
    return (long) member * op.rows() * width;
  }

  private double[] taped(long block, int member) {
    return Operands.doubles(op.tape(), block + start(member, shape.width()), rows * shape.width());
  }

  private long parameter(long block, int member, int words) {
    return block + (long) (op.firstMember() + member) * words;
  }

  /** dW = x^T dz, db = column sums of dz. */
  private void affineGradients(int layer, int member, double[] x, double[] dz) {
    if (op.dParameters() == null) {
      return;
    }
    int in = shape.in(layer);
    int out = shape.out(layer);
    double[] dw = new double[in * out];
    Dense.outer(x, dz, dw, rows, in, out);
    store(shape.weights(layer), member, dw);
    store(shape.bias(layer), member, Dense.columnSums(dz, rows, out));
  }

  private void store(long block, int member, double[] gradient) {
    if (op.dParameters() != null) {
      Operands.putAll(
          op.dParameters(),
          parameter(block, member, gradient.length),
          gradient,
          op.accumulateParameters());
    }
  }

  /** dz W^T. */
  private double[] inputGradient(int layer, int member, double[] dz) {
    int in = shape.in(layer);
    int out = shape.out(layer);
    double[] w =
        Operands.doubles(
            op.parameters(), parameter(shape.weights(layer), member, in * out), in * out);
    double[] dx = new double[rows * in];
    Dense.multiply(dz, Dense.transpose(w, in, out), dx, rows, out, in);
    return dx;
  }

  /** From dh to dz of a hidden layer, in place: activation, then norm. */
  private void hidden(int layer, int member, double[] h, double[] dz) {
    if (shape.activation() == MlpShape.Activation.RELU) {
      for (int i = 0; i < dz.length; i++) {
        dz[i] = h[i] > 0 ? dz[i] : 0;
      }
    } else {
      double[] slope = taped(tape.slope(layer), member);
      for (int i = 0; i < dz.length; i++) {
        dz[i] *= slope[i];
      }
    }
    if (shape.norm()) {
      normBackward(layer, member, dz);
    }
  }

  /** With n normalised and dn = gain dz: (dn - mean dn - n mean(n dn)) / std. */
  private void normBackward(int layer, int member, double[] dz) {
    int width = shape.width();
    double[] n = taped(tape.normalised(layer), member);
    double[] inverse = Operands.doubles(op.tape(), tape.inverse(layer) + start(member, 1), rows);
    double[] gain =
        Operands.doubles(op.parameters(), parameter(shape.gain(layer), member, width), width);
    store(shape.shift(layer), member, Dense.columnSums(dz, rows, width));
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
        dz[at] = inverse[row] * (dz[at] - mean - n[at] * meanN);
      }
    }
    store(shape.gain(layer), member, dGain);
  }

  private void storeInputs(double[][] dx, Buffer inputs) {
    if (op.mode() == RowMode.PRIVATE) {
      for (int member = 0; member < dx.length; member++) {
        Operands.putAll(inputs, start(member, shape.inputs()), dx[member], op.accumulateInputs());
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
