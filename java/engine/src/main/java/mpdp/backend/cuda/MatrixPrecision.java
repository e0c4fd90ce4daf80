package mpdp.backend.cuda;

import java.util.Locale;
import mpdp.UsageException;

/** How the tensor cores multiply the matrices of the networks. */
public enum MatrixPrecision {
  /** Three TF32 products for each: errors like those of fp32 arithmetic. */
  FP32(""),

  /** One TF32 product: relative errors of some 3e-4, and a third of the multiplications. */
  TF32("_tf32");

  private final String suffix;

  MatrixPrecision(String suffix) {
    this.suffix = suffix;
  }

  /** What the names of its kernels end in. */
  String suffix() {
    return suffix;
  }

  /**
   * Of the name {@code fp32} or {@code tf32}.
   *
   * @throws UsageException if it is neither
   */
  static MatrixPrecision of(String name) {
    for (MatrixPrecision precision : values()) {
      if (precision.name().toLowerCase(Locale.ROOT).equals(name)) {
        return precision;
      }
    }
    throw new UsageException(
        "-D%s=%s: choose fp32 or tf32".formatted(CudaBackend.PRECISION_PROPERTY, name));
  }
}
