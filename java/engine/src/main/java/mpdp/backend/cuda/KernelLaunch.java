package mpdp.backend.cuda;

import java.util.Set;

/**
 * One launch of one kernel.
 *
 * @param kernel its name in {@code cuda/}
 * @param gridX blocks along x; y and z as {@code gridY} and {@code gridZ}
 * @param threads threads of a block, all along x; what the kernel was declared with
 * @param sharedBytes dynamic shared memory of a block
 * @param part of the op that the launch is for, where its kernels ask: {@code call.part()}
 * @param untouched see {@link Launch#untouched}
 */
public record KernelLaunch(
    String kernel,
    int gridX,
    int gridY,
    int gridZ,
    int threads,
    int sharedBytes,
    int part,
    Set<String> untouched)
    implements Launch {
  private static final int MOST_BLOCKS = 65_535;

  /** Threads of a block in {@link #items}. */
  static final int THREADS = 256;

  public KernelLaunch {
    untouched = Set.copyOf(untouched);
    if (gridX < 1 || gridY < 1 || gridZ < 1 || gridY > MOST_BLOCKS || gridZ > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "%s: a grid of %d x %d x %d blocks; 1 to 2^31 - 1, 65535 and 65535 are possible"
              .formatted(kernel, gridX, gridY, gridZ));
    }
    if (threads < 1 || threads > 1024 || sharedBytes < 0) {
      throw new IllegalArgumentException(
          "%s: %d threads and %d bytes of shared memory".formatted(kernel, threads, sharedBytes));
    }
  }

  /** Of the op as a whole, with all its operands. */
  KernelLaunch(String kernel, int gridX, int gridY, int gridZ, int threads, int sharedBytes) {
    this(kernel, gridX, gridY, gridZ, threads, sharedBytes, 0, Set.of());
  }

  /** The same for one part of the op. */
  KernelLaunch withPart(int part) {
    return new KernelLaunch(kernel, gridX, gridY, gridZ, threads, sharedBytes, part, untouched);
  }

  /** The same, which leaves these operands alone. */
  KernelLaunch without(Set<String> operands) {
    return new KernelLaunch(kernel, gridX, gridY, gridZ, threads, sharedBytes, part, operands);
  }

  /** One block. */
  static KernelLaunch block(String kernel, int threads) {
    return new KernelLaunch(kernel, 1, 1, 1, threads, 0);
  }

  /**
   * A one-dimensional grid of {@value #THREADS} threads a block for a kernel that strides over
   * {@code count} items: no more blocks than fill the device twice.
   */
  static KernelLaunch items(String kernel, long count, CudaLimits limits) {
    long most = limits.blocks(THREADS);
    return new KernelLaunch(
        kernel, (int) Math.clamp(blocks(count, THREADS), 1, most), 1, 1, THREADS, 0);
  }

  /** {@code count / size}, rounded up. */
  static long blocks(long count, long size) {
    return (count + size - 1) / size;
  }
}
