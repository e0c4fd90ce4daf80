package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.cuda.MatrixProduct.Matrix;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Networks by a library's matrix products, layer by layer, with the kernels of {@code
 * cuda/mlp_library.cu} between them. The library has to know the sizes when a program is recorded:
 * rows that are counted or routed on the device stay with our kernels, and so does bf16, whose
 * operands would have to be converted first.
 */
final class LibraryLaunches {
  /** Columns of a block that sums them. */
  private static final int COLUMNS = 32;

  private static final int THREADS = 256;

  private final CudaLimits limits;
  private final NetworkMatrices at;
  private final MlpShape shape;
  private final Buffer parameters;
  private final List<Launch> launches = new ArrayList<>();

  /** Words of scratch before the library's workspace. */
  private final long workspaceAt;

  private LibraryLaunches(CudaLimits limits, NetworkMatrices at, Buffer parameters, long words) {
    this.limits = limits;
    this.at = at;
    this.shape = at.shape();
    this.parameters = parameters;
    long step = Cublas.WORKSPACE_ALIGNMENT;
    this.workspaceAt = (words + step - 1) / step * step;
  }

  static boolean takes(MlpForward op) {
    return op.mode() != RowMode.ROUTED && op.count() == null && op.precision() == Precision.FP32;
  }

  static boolean takes(MlpBackward op) {
    return op.mode() != RowMode.ROUTED && op.count() == null;
  }

  /** Without a tape two layers share the scratch in turns. */
  static OpLaunch of(MlpForward op, CudaLimits limits) {
    NetworkMatrices at = NetworkMatrices.of(op);
    long hidden = op.tape() == null ? 2 * at.hiddenWords() : 0;
    LibraryLaunches launches = new LibraryLaunches(limits, at, op.parameters(), hidden);
    launches.addForward(op);
    return launches.done();
  }

  static OpLaunch of(MlpBackward op, CudaLimits limits) {
    NetworkMatrices at = NetworkMatrices.of(op);
    long inputs = (long) op.rows() * op.shape().inputs();
    long parts = sumsInputs(op) ? MlpShape.align(op.memberCount() * inputs) : 0;
    LibraryLaunches launches = new LibraryLaunches(limits, at, op.parameters(), parts);
    for (int layer = op.shape().layers(); layer >= 0; layer--) {
      launches.addBackward(op, layer);
    }
    if (sumsInputs(op)) {
      launches.launches.add(MlpLaunches.inputs(op, limits));
    }
    return launches.done();
  }

  private OpLaunch done() {
    return new OpLaunch(launches, workspaceAt + Cublas.WORKSPACE_WORDS);
  }

  private void addForward(MlpForward op) {
    Matrix from = at.inputs(op.x());
    for (int layer = 0; layer <= shape.layers(); layer++) {
      Matrix to = layer == shape.layers() ? at.outputs(op.y()) : hidden(op.tape(), layer);
      Matrix weights = at.weights(parameters, layer);
      multiply(at.rows(), shape.out(layer), shape.in(layer), from, weights, to, false);
      launches.add(rowsKernel("mlp_forward_layer", layer));
      from = to;
    }
  }

  private Matrix hidden(@Nullable Buffer tape, int layer) {
    return tape == null ? at.hidden(null, layer % 2 * at.hiddenWords()) : at.taped(tape, layer);
  }

  /** From dz of a layer, or dh if it is a hidden one, to its parameters' gradients and dh below. */
  private void addBackward(MlpBackward op, int layer) {
    boolean last = layer == shape.layers();
    Matrix dz = last ? at.outputs(op.dy()) : dh(op, layer);
    if (!last) {
      if (op.dParameters() != null && shape.norm()) {
        launches.add(columnsKernel("mlp_backward_layer_norm", layer));
      }
      launches.add(rowsKernel("mlp_backward_layer", layer));
    }
    if (op.dParameters() != null) {
      Matrix from = layer == 0 ? at.inputs(op.x()) : at.taped(op.tape(), layer - 1);
      Matrix gradient = at.weights(op.dParameters(), layer);
      boolean add = op.accumulateParameters();
      multiply(shape.in(layer), shape.out(layer), at.rows(), from.transpose(), dz, gradient, add);
      launches.add(columnsKernel("mlp_backward_layer_bias", layer));
    }
    Matrix weights = at.weights(parameters, layer).transpose();
    if (layer > 0) {
      Matrix below = dh(op, layer - 1);
      multiply(at.rows(), shape.in(layer), shape.out(layer), dz, weights, below, false);
    } else if (op.dx() != null) {
      boolean parts = sumsInputs(op);
      Matrix dx = parts ? at.inputParts() : at.inputs(op.dx());
      boolean add = !parts && op.accumulateInputs();
      multiply(at.rows(), shape.in(layer), shape.out(layer), dz, weights, dx, add);
    }
  }

  /** Whether members' gradients of the same rows have to be added up. */
  private static boolean sumsInputs(MlpBackward op) {
    return op.dx() != null && op.mode() == RowMode.SHARED && op.memberCount() > 1;
  }

  private Matrix dh(MlpBackward op, int layer) {
    return at.hidden(op.scratch(), layer * at.hiddenWords());
  }

  private void multiply(
      int rows, int columns, int inner, Matrix left, Matrix right, Matrix result, boolean add) {
    launches.add(
        new MatrixProduct(
            at.members(), rows, columns, inner, left, right, result, add, workspaceAt));
  }

  /** A warp for each row of each member. */
  private KernelLaunch rowsKernel(String name, int layer) {
    return KernelLaunch.items(name, 32L * at.members() * at.rows(), limits).withPart(layer);
  }

  private KernelLaunch columnsKernel(String name, int layer) {
    int blocks = (int) KernelLaunch.blocks(shape.out(layer), COLUMNS);
    return new KernelLaunch(name, blocks, at.members(), 1, THREADS, 0).withPart(layer);
  }
}
