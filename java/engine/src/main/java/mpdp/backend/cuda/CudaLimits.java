package mpdp.backend.cuda;

import mpdp.backend.op.FloatProducts;

/**
 * What launches depend on: of a device, and of how it is used.
 *
 * @param multiprocessors how many blocks run at once at least
 * @param threads that run at once on one of them
 * @param sharedBytes dynamic shared memory that one block may have
 * @param products how networks are multiplied: WHOLE or TF32
 * @param provider who multiplies them
 */
public record CudaLimits(
    int multiprocessors,
    int threads,
    int sharedBytes,
    FloatProducts products,
    MatrixProvider provider) {
  /** With kernels of our own for everything. */
  public CudaLimits(int multiprocessors, int threads, int sharedBytes, FloatProducts products) {
    this(multiprocessors, threads, sharedBytes, products, MatrixProvider.OWN);
  }

  /** The largest device so far. */
  static final CudaLimits H100 = new CudaLimits(132, 2048, 227 * 1024, FloatProducts.WHOLE);

  /** Blocks of {@code threadsOfBlock} threads that fill the device twice. */
  int blocks(int threadsOfBlock) {
    return Math.toIntExact(2L * multiprocessors * threads / threadsOfBlock);
  }
}
