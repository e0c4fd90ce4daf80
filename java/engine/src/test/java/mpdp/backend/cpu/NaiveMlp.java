package mpdp.backend.cpu;

import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;

/** One member's forward and backward pass of one row in double, straight from the equations. */
final class NaiveMlp {
  private final MlpShape shape;
  private final float[] parameters;
  private final int member;
  private final double[][] inputs;
  private final double[][] normalised;
  private final double[][] derivative;
  private final double[] inverse;

  NaiveMlp(MlpShape shape, float[] parameters, int member) {
    this.shape = shape;
    this.parameters = parameters;
    this.member = member;
    this.inputs = new double[shape.layers() + 1][];
    this.normalised = new double[shape.layers()][];
    this.derivative = new double[shape.layers()][];
    this.inverse = new double[shape.layers()];
  }

  double[] forward(double[] x) {
    double[] h = x;
    for (int layer = 0; layer <= shape.layers(); layer++) {
      inputs[layer] = h;
      double[] z = affine(layer, h);
      h = layer == shape.layers() ? z : activate(layer, z);
    }
    return h;
  }

  private double[] affine(int layer, double[] x) {
    int out = shape.out(layer);
    double[] z = new double[out];
    for (int j = 0; j < out; j++) {
      z[j] = parameters[vector(shape.bias(layer), out, j)];
      for (int i = 0; i < x.length; i++) {
        z[j] += x[i] * parameters[weight(layer, i, j)];
      }
    }
    return z;
  }

  private double[] activate(int layer, double[] z) {
    int n = z.length;
    double[] h = new double[n];
    normalised[layer] = shape.norm() ? normalise(layer, z) : z;
    derivative[layer] = new double[n];
    for (int j = 0; j < n; j++) {
      double v = z[j];
      if (shape.norm()) {
        v =
            normalised[layer][j] * parameters[vector(shape.gain(layer), n, j)]
                + parameters[vector(shape.shift(layer), n, j)];
      }
      double s = 1 / (1 + Math.exp(-v));
      boolean silu = shape.activation() == Activation.SILU;
      h[j] = silu ? v * s : Math.max(v, 0);
      derivative[layer][j] = silu ? s + v * s * (1 - s) : v > 0 ? 1 : 0;
    }
    return h;
  }

  private double[] normalise(int layer, double[] z) {
    double mean = 0;
    double variance = 0;
    for (double v : z) {
      mean += v / z.length;
    }
    for (double v : z) {
      variance += (v - mean) * (v - mean) / z.length;
    }
    inverse[layer] = 1 / Math.sqrt(variance + 1e-5);
    double[] result = new double[z.length];
    for (int j = 0; j < z.length; j++) {
      result[j] = (z[j] - mean) * inverse[layer];
    }
    return result;
  }

  /** Adds this row's parameter gradients to {@code gradients} and returns dx. */
  double[] backward(double[] dy, double[] gradients) {
    double[] dz = dy;
    for (int layer = shape.layers(); ; layer--) {
      double[] dx = new double[shape.in(layer)];
      for (int j = 0; j < dz.length; j++) {
        gradients[vector(shape.bias(layer), dz.length, j)] += dz[j];
        for (int i = 0; i < dx.length; i++) {
          gradients[weight(layer, i, j)] += inputs[layer][i] * dz[j];
          dx[i] += dz[j] * parameters[weight(layer, i, j)];
        }
      }
      if (layer == 0) {
        return dx;
      }
      dz = throughActivation(layer - 1, dx, gradients);
    }
  }

  private double[] throughActivation(int layer, double[] dh, double[] gradients) {
    int n = dh.length;
    double[] g = new double[n];
    for (int j = 0; j < n; j++) {
      g[j] = dh[j] * derivative[layer][j];
    }
    if (!shape.norm()) {
      return g;
    }
    double mean = 0;
    double slope = 0;
    for (int j = 0; j < n; j++) {
      gradients[vector(shape.gain(layer), n, j)] += g[j] * normalised[layer][j];
      gradients[vector(shape.shift(layer), n, j)] += g[j];
      g[j] *= parameters[vector(shape.gain(layer), n, j)];
      mean += g[j] / n;
      slope += g[j] * normalised[layer][j] / n;
    }
    for (int j = 0; j < n; j++) {
      g[j] = inverse[layer] * (g[j] - mean - normalised[layer][j] * slope);
    }
    return g;
  }

  private int weight(int layer, int i, int j) {
    return (int) shape.weights(layer) + (member * shape.in(layer) + i) * shape.out(layer) + j;
  }

  private int vector(long block, int length, int j) {
    return (int) block + member * length + j;
  }
}
