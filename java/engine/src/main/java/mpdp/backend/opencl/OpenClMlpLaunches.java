package mpdp.backend.opencl;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;

/** Launches of the MLP: panels of weights on CPUs, tiles on GPUs. */
final class OpenClMlpLaunches {
  private static final String FORWARD = "mlp_forward";
  private static final String BACKWARD = "mlp_backward";
  private static final String FORWARD_TILE = "mlp_forward_tile";
  private static final String BACKWARD_TILE = "mlp_backward_tile";

  private static final int TILE = 64; // as in tile.clh
  private static final int PANEL = 16; // as in panel.clh
  private static final int DEPTH = 128; // as in mlp_backward.cl
  private static final int LARGEST_BLOCK =
      12; // a multiple of BLOCK_ROWS, SUM_ROWS of mlp_backward.cl
  private static final int MOST_ROWS = 8 * LARGEST_BLOCK;

  private OpenClMlpLaunches() {}

  static OpenClOpLaunch forward(MlpForward op, MatrixKernels kernels) {
    MlpShape shape = op.shape();
    int tile = tileRows(shape, op.rows(), op.memberCount(), op.mode(), kernels);
    if (tile > 0) {
      return OpenClOpLaunch.of(
          panelRows(
              FORWARD, "mlp_forward_panel", shape, op.rows(), op.memberCount(), op.mode(), tile));
    }
    List<OpenClLaunch> launches = new ArrayList<>();
    for (int layer = 0; layer <= shape.layers(); layer++) {
      long groups = tiles(op.memberCount(), op.rows(), shape.out(layer));
      launches.add(new OpenClLaunch(FORWARD_TILE, "mlp_forward_tile", groups, 256, 0, layer));
      if (shape.norm() && layer < shape.layers()) {
        long rows = (long) op.memberCount() * op.rows();
        launches.add(new OpenClLaunch(FORWARD_TILE, "mlp_forward_tile_norm", rows, 64, 0, layer));
      }
    }
    return new OpenClOpLaunch(launches, 2 * matrixWords(shape, op.memberCount(), op.rows()));
  }

  static OpenClOpLaunch backward(MlpBackward op, MatrixKernels kernels) {
    int tile = tileRows(op.shape(), op.rows(), op.memberCount(), op.mode(), kernels);
    List<OpenClLaunch> launches = new ArrayList<>();
    // Rows behind one partial sum for gain and shift: no matter how many units share the work.
    int sums = tile > 0 ? LARGEST_BLOCK : TILE;
    if (tile > 0) {
      panelBackward(launches, op, tile, kernels);
    } else {
      tileBackward(launches, op);
    }
    MlpShape shape = op.shape();
    long members = op.memberCount();
    long norms = 2L * members * shape.layers() * shape.width();
    if (op.dParameters() != null && shape.norm()) {
      launches.add(OpenClLaunch.items(BACKWARD, "mlp_backward_norm", norms, 64, sums));
    }
    boolean parts = op.mode() == RowMode.SHARED && members > 1;
    if (op.dx() != null && parts) {
      long words = (long) op.rows() * shape.inputs();
      launches.add(OpenClLaunch.items(BACKWARD, "mlp_backward_inputs", words, 64, sums));
    }
    long normWords = shape.norm() ? MlpShape.align(norms * OpenClLaunch.ceil(op.rows(), sums)) : 0;
    return new OpenClOpLaunch(
        launches, normWords + (parts ? members * op.rows() * shape.inputs() : 0));
  }

  private static void panelBackward(
      List<OpenClLaunch> launches, MlpBackward op, int tile, MatrixKernels kernels) {
    MlpShape shape = op.shape();
    launches.add(
        panelRows(
            BACKWARD,
            "mlp_backward_panel_rows",
            shape,
            op.rows(),
            op.memberCount(),
            op.mode(),
            tile));
    if (op.dParameters() == null) {
      return;
    }
    long fixed = (long) LARGEST_BLOCK * PANEL + DEPTH * PANEL + PANEL;
    int height = weightRows(shape.width(), op.memberCount(), kernels, fixed);
    long tasks = 0;
    for (int layer = 0; layer <= shape.layers(); layer++) {
      tasks += op.memberCount() * OpenClLaunch.ceil(shape.in(layer), height);
    }
    launches.add(
        new OpenClLaunch(
            BACKWARD,
            "mlp_backward_panel_weights",
            tasks,
            1,
            fixed + (long) height * DEPTH,
            height));
  }

  /** The launch that takes tiles of rows through all layers. */
  private static OpenClLaunch panelRows(
      String source, String kernel, MlpShape shape, int rows, int members, RowMode mode, int tile) {
    // A member's last tile may be a part of one.
    long tiles =
        mode == RowMode.ROUTED ? rows / tile + members : members * OpenClLaunch.ceil(rows, tile);
    boolean few = mode == RowMode.ROUTED && tiles < 4L * members;
    int bits = few ? Long.SIZE - Long.numberOfLeadingZeros(tiles - 1) : 0;
    int stride = stride(shape);
    long words = rowsWords(tile, stride);
    return new OpenClLaunch(source, kernel, few ? 1L << bits : tiles, 1, words, tile, stride, bits);
  }

  /**
   * Most rows of dW in a task: what fits local memory, less where that gives the compute units the
   * same number of blocks.
   */
  private static int weightRows(int width, int members, MatrixKernels kernels, long fixed) {
    int fit = (int) Math.min(MOST_ROWS, (kernels.localWords() - fixed) / DEPTH);
    fit -= fit % LARGEST_BLOCK;
    long blocks = OpenClLaunch.ceil(width, fit);
    for (; blocks < OpenClLaunch.ceil(width, LARGEST_BLOCK); blocks++) {
      long tasks = blocks * members;
      if (tasks >= 4L * kernels.units() || tasks % kernels.units() == 0) {
        break;
      }
    }
    return (int)
        (OpenClLaunch.ceil(OpenClLaunch.ceil(width, blocks), LARGEST_BLOCK) * LARGEST_BLOCK);
  }

  private static void tileBackward(List<OpenClLaunch> launches, MlpBackward op) {
    MlpShape shape = op.shape();
    int members = op.memberCount();
    int chunks = (int) OpenClLaunch.ceil(op.rows(), TILE);
    for (int layer = shape.layers(); layer >= (op.dx() == null ? 1 : 0); layer--) {
      long groups = tiles(members, op.rows(), shape.in(layer));
      launches.add(
          new OpenClLaunch(BACKWARD_TILE, "mlp_backward_tile_rows", groups, 256, 0, layer, chunks));
      if (layer == 0 || !shape.norm()) {
        continue;
      }
      if (op.dParameters() != null) {
        long items = (long) members * chunks * shape.width();
        launches.add(
            OpenClLaunch.items(
                BACKWARD_TILE, "mlp_backward_tile_norm_sums", items, 64, layer - 1, chunks));
      }
      long rows = (long) members * op.rows();
      launches.add(
          new OpenClLaunch(BACKWARD_TILE, "mlp_backward_tile_norm", rows, 64, 0, layer - 1));
    }
    for (int layer = 0; op.dParameters() != null && layer <= shape.layers(); layer++) {
      long groups = tiles(members, shape.in(layer), shape.out(layer));
      launches.add(
          new OpenClLaunch(BACKWARD_TILE, "mlp_backward_tile_weights", groups, 256, 0, layer));
    }
  }

  /** Groups that cover a (rows, columns) result of every member. */
  private static long tiles(int members, int rows, int columns) {
    return members * OpenClLaunch.ceil(rows, TILE) * OpenClLaunch.ceil(columns, TILE);
  }

  private static long matrixWords(MlpShape shape, int members, int rows) {
    return MlpShape.align((long) members * rows * shape.width());
  }

  /** Words between rows in local memory. */
  private static int stride(MlpShape shape) {
    int widest = Math.max(shape.inputs(), Math.max(shape.width(), shape.outputs()));
    return Math.toIntExact(MlpShape.align(widest));
  }

  /** Local memory of a tile's inputs and outputs and of a panel of weights. */
  private static long rowsWords(int tile, int stride) {
    return (2L * tile + PANEL) * stride;
  }

  /**
   * Rows that a work item takes through all layers, 0 where the tile kernels run: as many as fit
   * local memory, but few enough that the compute units' shares differ by little. Routed rows are
   * at least as many as each member would have of them.
   */
  static int tileRows(MlpShape shape, int rows, int members, RowMode mode, MatrixKernels kernels) {
    long fit = (kernels.localWords() / stride(shape) - PANEL) / 2 / LARGEST_BLOCK * LARGEST_BLOCK;
    if (kernels.variant() == MatrixKernels.Variant.TILE || fit < LARGEST_BLOCK) {
      return 0;
    }
    long most = Math.min(fit, MOST_ROWS);
    if (mode == RowMode.ROUTED) {
      long share =
          OpenClLaunch.ceil(OpenClLaunch.ceil(rows, members), LARGEST_BLOCK) * LARGEST_BLOCK;
      return (int) Math.min(most, share);
    }
    long tiles = OpenClLaunch.ceil(rows, most);
    for (; kernels.units() > 1 && tiles < OpenClLaunch.ceil(rows, LARGEST_BLOCK); tiles++) {
      long tasks = tiles * members;
      long idle = OpenClLaunch.ceil(tasks, kernels.units()) * kernels.units() - tasks;
      if (tasks >= 2L * kernels.units() && 10 * idle <= tasks) {
        break;
      }
    }
    return (int) (OpenClLaunch.ceil(OpenClLaunch.ceil(rows, tiles), LARGEST_BLOCK) * LARGEST_BLOCK);
  }
}
