package mpdp.backend.cuda;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Products of row-major matrices by a library, one for each member of an ensemble: {@code result =
 * left x right}, of (rows, inner) and (inner, columns).
 *
 * @param members how many products there are
 * @param accumulate add to the result instead of overwriting it
 * @param workspaceAt words of the op's scratch before the {@link Cublas#WORKSPACE_WORDS} that the
 *     library may use
 */
record MatrixProduct(
    int members,
    int rows,
    int columns,
    int inner,
    Matrix left,
    Matrix right,
    Matrix result,
    boolean accumulate,
    long workspaceAt)
    implements Launch {

  @Override
  public String kernel() {
    return Cublas.PRODUCT;
  }

  /**
   * Where a matrix of every member lies, and without gaps between its rows.
   *
   * @param buffer that holds it, or null for the op's scratch
   * @param offset words before the first member's
   * @param stride words from member to member, 0 if they share one
   * @param transposed whether rows and columns are exchanged in memory; not of a result
   */
  record Matrix(@Nullable Buffer buffer, long offset, long stride, boolean transposed) {
    /** The same memory, read with rows and columns exchanged. */
    Matrix transpose() {
      return new Matrix(buffer, offset, stride, !transposed);
    }

    /** Its device address. */
    long address(long scratch) {
      return (buffer == null ? scratch : buffer.address()) + offset * Float.BYTES;
    }
  }
}
