package mpdp.backend.cuda;

import mpdp.backend.cuda.MatrixProduct.Matrix;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/** Where the matrices of a network's pass lie: of rows of activations, and of weights. */
record NetworkMatrices(MlpShape shape, int rows, RowMode mode, int firstMember, int members) {
  static NetworkMatrices of(MlpForward op) {
    return new NetworkMatrices(
        op.shape(), op.rows(), op.mode(), op.firstMember(), op.memberCount());
  }

  static NetworkMatrices of(MlpBackward op) {
    return new NetworkMatrices(
        op.shape(), op.rows(), op.mode(), op.firstMember(), op.memberCount());
  }

  /** Words of a hidden layer of all members' rows, aligned. */
  long hiddenWords() {
    return MlpShape.align((long) members * rows * shape.width());
  }

  /** A hidden layer from {@code offset} on; of scratch, if {@code buffer} is null. */
  Matrix hidden(@Nullable Buffer buffer, long offset) {
    return new Matrix(buffer, offset, (long) rows * shape.width(), false);
  }

  /** The values of hidden {@code layer} on the tape. */
  Matrix taped(Buffer tape, int layer) {
    return hidden(tape, layer * shape.tapeLayerWords(members, rows));
  }

  /** x or its gradient: of PRIVATE rows each member has its own. */
  Matrix inputs(Buffer buffer) {
    long stride = mode == RowMode.PRIVATE ? (long) rows * shape.inputs() : 0;
    return new Matrix(buffer, 0, stride, false);
  }

  /** Each member's part of a gradient of x, at the start of scratch. */
  Matrix inputParts() {
    return new Matrix(null, 0, (long) rows * shape.inputs(), false);
  }

  /** y or its gradient. */
  Matrix outputs(Buffer buffer) {
    return new Matrix(buffer, 0, (long) rows * shape.outputs(), false);
  }

  /** W of a layer in a vector of parameters or of their gradients. */
  Matrix weights(Buffer vector, int layer) {
    long words = (long) shape.in(layer) * shape.out(layer);
    return new Matrix(vector, shape.weights(layer) + firstMember * words, words, false);
  }
}
