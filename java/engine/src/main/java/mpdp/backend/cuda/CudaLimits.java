package mpdp.backend.cuda;

/**
 * What launches depend on: of a device, and of how it is used.
 *
 * @param multiprocessors how many blocks run at once at least
 * @param threads that run at once on one of them
 * @param sharedBytes dynamic shared memory that one block may have
 * @param precision of the networks' matrix products
 * @param provider who multiplies them
 */
public record CudaLimits(
    int multiprocessors,
    int threads,
    int sharedBytes,
    MatrixPrecision precision,
    MatrixProvider provider) {
  /** With kernels of our own for everything. */
  public CudaLimits(int multiprocessors, int threads, int sharedBytes, MatrixPrecision precision) {
    this(multiprocessors, threads, sharedBytes, precision, MatrixProvider.OWN);
  }

  /** The largest device so far. */
  static final CudaLimits H100 = new CudaLimits(132, 2048, 227 * 1024, MatrixPrecision.FP32);

  /** Blocks of {@code threadsOfBlock} threads that fill the device twice. */
  int blocks(int threadsOfBlock) {
    return Math.toIntExact(2L * multiprocessors * threads / threadsOfBlock);
  }
}
