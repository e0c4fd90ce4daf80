package mpdp.backend.cuda;

import mpdp.UsageException;

/** Who multiplies the matrices of networks. */
public enum MatrixProvider {
  /** The kernels of {@code cuda/ops}, which take rows through all layers at once. */
  OWN,

  /** NVIDIA's library, layer by layer, where it can ({@link LibraryLaunches}). */
  CUBLAS;

  /**
   * Of the name {@code own} or {@code cublas}.
   *
   * @throws UsageException if it is neither
   */
  static MatrixProvider of(String name) {
    return switch (name) {
      case "own" -> OWN;
      case "cublas" -> CUBLAS;
      default ->
          throw new UsageException(
              "-D%s=%s: choose own or cublas".formatted(CudaBackend.PRODUCTS_PROPERTY, name));
    };
  }
}
