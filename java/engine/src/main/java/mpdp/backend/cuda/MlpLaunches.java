package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;

/**
 * Launches of the ensemble MLP. A block takes one member's tile of rows through all layers. Short
 * tiles make more blocks, tall ones stream fewer weights and spend fewer loads on a product: the
 * shortest tile whose blocks all run at once is the fastest.
 */
final class MlpLaunches {
  /** Multiprocessors of the largest device. */
  private static final int MULTIPROCESSORS = 132;

  private static final int THREADS = 256;
  private static final int WARPS = THREADS / 32;

  /** Columns of a pass, and rows of one chunk of its weights: kPass in cuda/mlp_tile.cuh. */
  private static final int PASS = 256;

  private static final int CHUNK = 16;

  /** Side of a tile of dW, and the rows that are worth a split of their own. */
  private static final int SIDE = 64;

  private static final int SPLIT_ROWS = 64;

  /** Rows whose LayerNorm gradients are summed together: kNormRows of mlp_backward. */
  private static final int NORM_ROWS = 8;

  private MlpLaunches() {}

  /** Tile heights, each with its kernel; the constants are the template arguments there. */
  private enum Tile {
    SHORT("_short", 8, 8, 1),
    MEDIUM("", 16, 8, 2),
    TALL("_tall", 32, 16, 2);

    private final String suffix;
    private final int rows;
    private final int laneRows;
    private final int laneColumns;

    Tile(String suffix, int rows, int laneRows, int laneColumns) {
      this.suffix = suffix;
      this.rows = rows;
      this.laneRows = laneRows;
      this.laneColumns = laneColumns;
    }

    /** Two stages of weights and two activation matrices, as MlpTile lays them out. */
    private long sharedBytes(MlpShape shape, boolean transposed) {
      int widest = Math.max(shape.width(), Math.max(shape.inputs(), shape.outputs()));
      long stage = (long) CHUNK * PASS + (transposed ? CHUNK * PASS / (32L * laneColumns) : 0);
      long activations = Math.max((long) widest * (rows + 4), 32L * WARPS * laneRows * laneColumns);
      return 2 * Float.BYTES * (stage + activations);
    }

    private long blocks(long members, long rowsOfMember) {
      return members * KernelLaunch.blocks(rowsOfMember, rows);
    }

    private static Tile choose(MlpShape shape, long members, long rows, boolean transposed) {
      Tile best = SHORT;
      for (Tile tile : values()) {
        if (best.blocks(members, rows) > MULTIPROCESSORS
            && tile.sharedBytes(shape, transposed) <= SharedMemory.LARGEST) {
          best = tile;
        }
      }
      return best;
    }

    private KernelLaunch launch(
        String op, MlpShape shape, boolean transposed, long blocks, int members) {
      String kernel = op + suffix;
      int shared = SharedMemory.bytes(kernel, sharedBytes(shape, transposed));
      return new KernelLaunch(kernel, Math.toIntExact(blocks), members, 1, THREADS, shared);
    }
  }

  /** Routed rows: how many each member has is known on the device, so members may waste a tile. */
  static OpLaunch of(MlpForward op) {
    boolean routed = op.mode() == RowMode.ROUTED;
    int members = op.memberCount();
    long rows = routed ? KernelLaunch.blocks(op.rows(), members) : op.rows();
    Tile tile = Tile.choose(op.shape(), members, rows, false);
    long blocks =
        routed ? op.rows() / tile.rows + members : KernelLaunch.blocks(op.rows(), tile.rows);
    return OpLaunch.of(tile.launch("mlp_forward", op.shape(), false, blocks, routed ? 1 : members));
  }

  static OpLaunch of(MlpBackward op) {
    MlpShape shape = op.shape();
    int members = op.memberCount();
    Tile tile = Tile.choose(shape, members, op.rows(), true);
    List<KernelLaunch> kernels = new ArrayList<>();
    long scratch = 0;
    long blocks = KernelLaunch.blocks(op.rows(), tile.rows);
    kernels.add(tile.launch("mlp_backward", shape, true, blocks, members));
    if (op.dx() != null && op.mode() == RowMode.SHARED && members > 1) {
      kernels.add(KernelLaunch.items("mlp_backward_inputs", (long) op.rows() * shape.inputs()));
      scratch += MlpShape.align((long) members * op.rows() * shape.inputs());
    }
    if (op.dParameters() != null) {
      scratch += addWeights(op, kernels);
    }
    return new OpLaunch(kernels, scratch);
  }

  /** The weights phase and the sums after it; returns the scratch that they share. */
  private static long addWeights(MlpBackward op, List<KernelLaunch> kernels) {
    MlpShape shape = op.shape();
    int members = op.memberCount();
    int tiles = weightTiles(shape, members);
    int splits = splits(tiles, op.rows());
    long scratch = 0;
    kernels.add(new KernelLaunch("mlp_backward_weights", tiles, 1, splits, 128, 0));
    if (splits > 1) {
      kernels.add(new KernelLaunch("mlp_backward_join", tiles, splits, 1, THREADS, 0));
      scratch += splits * shape.parameterWords();
    }
    if (shape.norm()) {
      kernels.add(new KernelLaunch("mlp_backward_norm", shape.layers(), members, 1, THREADS, 0));
      long groups = KernelLaunch.blocks(op.rows(), NORM_ROWS);
      scratch += MlpShape.align(2 * members * shape.layers() * groups * shape.width());
    }
    return scratch;
  }

  private static int weightTiles(MlpShape shape, int members) {
    long tiles = 0;
    for (int layer = 0; layer <= shape.layers(); layer++) {
      tiles +=
          KernelLaunch.blocks(shape.in(layer), SIDE) * KernelLaunch.blocks(shape.out(layer), SIDE);
    }
    return Math.toIntExact(tiles * members);
  }

  /** Enough blocks for two on every multiprocessor, as long as each has rows enough. */
  private static int splits(int tiles, int rows) {
    long wanted = KernelLaunch.blocks(2L * MULTIPROCESSORS, tiles);
    return (int) Math.max(1, Math.min(wanted, rows / SPLIT_ROWS));
  }
}
