package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mpdp.backend.op.MlpShape;

/**
 * How many rows a block takes through all layers, and how many rows of weights it copies at a time:
 * {@code MlpTile} of {@code cuda/mlp_tile.cuh}, which has a kernel for each.
 *
 * @param rows short tiles make more blocks, tall ones stream fewer weights for a product
 * @param depth of a chunk of weights: deep ones wait less often, shallow ones fit devices with
 *     little shared memory
 */
record MlpTile(int rows, int depth) {
  /** Threads of a block: kThreads there. */
  static final int THREADS = 256;

  /** Results of a pass and stages of weights: kPass and kStages there. */
  private static final long PASS = 256;

  private static final long STAGES = 2;

  /** What a block of few rows takes, in rows: it has to stream all weights too. */
  private static final long STREAMING_ROWS = 20;

  private static final List<MlpTile> ALL = all();

  private static List<MlpTile> all() {
    List<MlpTile> tiles = new ArrayList<>();
    for (int rows : new int[] {8, 16, 32}) {
      for (int depth : new int[] {64, 16}) {
        tiles.add(new MlpTile(rows, depth));
      }
    }
    return List.copyOf(tiles);
  }

  /**
   * The fastest that fits the device; if none does, the smallest, whose launch will be refused.
   *
   * @param transposed whether the weights are those of the backward pass
   */
  static MlpTile choose(
      MlpShape shape, long members, long rows, boolean transposed, CudaLimits limits) {
    return ALL.stream()
        .filter(tile -> tile.sharedBytes(shape, transposed) <= limits.sharedBytes())
        .min(Comparator.comparingLong(tile -> tile.cost(members, rows, limits)))
        .orElse(new MlpTile(8, 16));
  }

  /** Waves of blocks times what one takes; chunks of 16 rows cost a quarter more than of 64. */
  private long cost(long members, long rowsOfMember, CudaLimits limits) {
    long waves = KernelLaunch.blocks(blocks(members, rowsOfMember), limits.multiprocessors());
    return waves * (rows + STREAMING_ROWS) * (depth == 64 ? 4 : 5);
  }

  private long blocks(long members, long rowsOfMember) {
    return members * KernelLaunch.blocks(rowsOfMember, rows);
  }

  /** Stages of weights and two activation matrices, as the kernel lays them out. */
  long sharedBytes(MlpShape shape, boolean transposed) {
    int widest = Math.max(shape.width(), Math.max(shape.inputs(), shape.outputs()));
    long stage = transposed ? (depth + 4) * PASS : depth * (PASS + 8);
    int pitch = rows == 8 ? 8 : rows + 8;
    long activations = Math.max((widest + 7L) / 8 * 8 * pitch, PASS * rows);
    return Float.BYTES * (STAGES * stage + 2 * activations);
  }
}
