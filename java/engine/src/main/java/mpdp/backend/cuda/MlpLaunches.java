package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;

/** Launches of the ensemble MLP. A block takes one member's tile of rows through all layers. */
final class MlpLaunches {
  /** Rows whose LayerNorm gradients are summed together: kNormRows of mlp_backward. */
  private static final int NORM_ROWS = 8;

  /** Threads of a block of the weights phase: kTileThreads of mlp_backward. */
  private static final int WEIGHT_THREADS = 128;

  private static final int THREADS = 256;

  /** What the names of the kernels end in that round what is multiplied: as the op asks for. */
  private static final String BF16 = "_bf16";

  /** As the device multiplies floats. */
  private static final String TF32 = "_tf32";

  private final CudaLimits limits;

  MlpLaunches(CudaLimits limits) {
    this.limits = limits;
  }

  private String suffix() {
    return limits.products() == FloatProducts.TF32 ? TF32 : "";
  }

  private KernelLaunch launch(
      String op,
      String precision,
      MlpTile tile,
      MlpShape shape,
      boolean transposed,
      long blocks,
      int members) {
    String kernel = "%s_%d_%d%s".formatted(op, tile.rows(), tile.depth(), precision);
    int shared = SharedMemory.bytes(kernel, tile.sharedBytes(shape, transposed), limits);
    return new KernelLaunch(kernel, Math.toIntExact(blocks), members, 1, MlpTile.THREADS, shared);
  }

  /** Routed rows: how many each member has is known on the device, so members may waste a tile. */
  OpLaunch of(MlpForward op) {
    if (limits.provider() == MatrixProvider.CUBLAS && LibraryLaunches.takes(op)) {
      return LibraryLaunches.of(op, limits);
    }
    boolean routed = op.mode() == RowMode.ROUTED;
    int members = op.memberCount();
    long rows = routed ? KernelLaunch.blocks(op.rows(), members) : op.rows();
    MlpTile tile = MlpTile.choose(op.shape(), members, rows, false, limits);
    long blocks =
        routed ? op.rows() / tile.rows() + members : KernelLaunch.blocks(op.rows(), tile.rows());
    String precision = op.precision() == Precision.BF16 ? BF16 : suffix();
    return OpLaunch.of(
        launch("mlp_forward", precision, tile, op.shape(), false, blocks, routed ? 1 : members));
  }

  /** Routed rows: members have as many blocks as if all rows were theirs; idle ones end at once. */
  OpLaunch of(MlpBackward op) {
    if (limits.provider() == MatrixProvider.CUBLAS && LibraryLaunches.takes(op)) {
      return LibraryLaunches.of(op, limits);
    }
    MlpShape shape = op.shape();
    int members = op.memberCount();
    boolean routed = op.mode() == RowMode.ROUTED;
    long rows = routed ? KernelLaunch.blocks(op.rows(), members) : op.rows();
    MlpTile tile = MlpTile.choose(shape, members, rows, true, limits);
    List<Launch> kernels = new ArrayList<>();
    long scratch = 0;
    long blocks = KernelLaunch.blocks(op.rows(), tile.rows());
    String phase = routed ? "mlp_backward_routed" : "mlp_backward";
    String precision = suffix();
    kernels.add(
        launch(phase, precision, tile, shape, true, blocks, members).without(ofParameters(op)));
    if (op.dx() != null && op.mode() == RowMode.SHARED && members > 1) {
      kernels.add(inputs(op, limits));
      scratch += MlpShape.align((long) members * op.rows() * shape.inputs());
    }
    if (op.dParameters() != null) {
      scratch += addWeights(op, kernels);
    }
    return new OpLaunch(kernels, scratch);
  }

  /** Adds up the members' parts of dx. */
  static KernelLaunch inputs(MlpBackward op, CudaLimits limits) {
    long words = (long) op.rows() * op.shape().inputs();
    return KernelLaunch.items("mlp_backward_inputs", words, limits).without(ofParameters(op));
  }

  /**
   * What the launches that make dx leave to those that make dParameters of the dz that is left in
   * scratch: whoever waits for dx need not wait for the parameters. Without dParameters nobody
   * touches scratch.
   */
  private static Set<String> ofParameters(MlpBackward op) {
    return op.dParameters() == null ? Set.of("dParameters", "scratch") : Set.of("dParameters");
  }

  /** The weights phase and the sums after it; returns the scratch of those. */
  private long addWeights(MlpBackward op, List<Launch> kernels) {
    MlpShape shape = op.shape();
    int members = op.memberCount();
    int side = weightTiles(shape, members, 64) >= limits.multiprocessors() ? 64 : 32;
    String kernel = "mlp_backward_weights_" + side + suffix();
    int tiles = weightTiles(shape, members, side);
    kernels.add(new KernelLaunch(kernel, tiles, 1, 1, WEIGHT_THREADS, 0).without(Set.of("dx")));
    if (!shape.norm()) {
      return 0;
    }
    kernels.add(
        new KernelLaunch("mlp_backward_norm", shape.layers(), members, 1, THREADS, 0)
            .without(Set.of("dx")));
    long groups = KernelLaunch.blocks(op.rows(), NORM_ROWS);
    return MlpShape.align(2 * members * shape.layers() * groups * shape.width());
  }

  /** Tiles of all dW, of {@code side} x {@code side} each. */
  private static int weightTiles(MlpShape shape, int members, int side) {
    long tiles = 0;
    for (int layer = 0; layer <= shape.layers(); layer++) {
      tiles +=
          KernelLaunch.blocks(shape.in(layer), side) * KernelLaunch.blocks(shape.out(layer), side);
    }
    return Math.toIntExact(tiles * members);
  }
}
