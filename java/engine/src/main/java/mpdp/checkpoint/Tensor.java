package mpdp.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One stored tensor: a view, never a copy, of {@code data}, row-major and little-endian.
 *
 * @param type element type
 * @param shape dimensions, outermost first; empty for a scalar
 * @param data exactly the product of {@code shape} elements of {@code type}
 */
public record Tensor(TensorType type, long[] shape, MemorySegment data) {
  /**
   * @throws IllegalArgumentException if a dimension is negative or {@code data} has another size
   */
  public Tensor {
    shape = shape.clone();
    long bytes = byteSize(type, shape);
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(shape)
              + " of "
              + type
              + " needs "
              + bytes
              + " bytes, but "
              + data.byteSize()
              + " were given");
    }
  }

  /** A copy of the dimensions. */
  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Bytes of a tensor; throws IllegalArgumentException for a negative or an overflowing shape. */
  static long byteSize(TensorType type, long[] shape) {
    try {
      long bytes = type.bytes();
      for (long dimension : shape) {
        if (dimension < 0) {
          throw new IllegalArgumentException("negative dimension in " + Arrays.toString(shape));
        }
        bytes = Math.multiplyExact(bytes, dimension);
      }
      return bytes;
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is too large");
    }
  }
}
