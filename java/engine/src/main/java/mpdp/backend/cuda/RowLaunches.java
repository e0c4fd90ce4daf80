package mpdp.backend.cuda;

import java.util.List;
import java.util.Set;
import mpdp.MpdpException;
import mpdp.backend.op.CriticLoss;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.ModelGather;
import mpdp.backend.op.ReplayMoments;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RouteRows;
import mpdp.backend.op.SequenceRefit;
import mpdp.backend.op.SequenceSample;
import mpdp.backend.op.SquashedGaussian;

/** Launches of the ops that work on rows of a few values, and of those that sum. */
final class RowLaunches {
  /** Threads of a block that takes whole rows: small, so that few rows still fill the device. */
  static final int PACKED_THREADS = 128;

  /** Values that a block of disagreement, or of its backward pass, keeps of each head. */
  static final int DISAGREEMENT_ARRAYS = 3;

  static final int DISAGREEMENT_BACKWARD_ARRAYS = 9;

  /** Threads and warps of the ops that give each sum a warp. */
  private static final int THREADS = 256;

  private static final int WARPS = THREADS / 32;

  /** Rows of one block of gaussian_nll, and chunks of a member; the kernel has the same. */
  private static final int NLL_ROWS = 8;

  private static final int NLL_CHUNKS = 128;

  /** Words of one block of gradient_clip; kChunk there. */
  private static final int CLIP_WORDS = 4 * THREADS;

  /** Blocks of replay_moments, enough for the largest device; kBlocks there. */
  private static final int MOMENTS_BLOCKS = 528;

  /** Rows of one block of route_rows; kRun there is those of a thread. */
  private static final int ROUTE_ROWS = 2 * THREADS;

  /** Rows of one warp of model_gather; kRowsOfWarp there. */
  private static final int MODEL_ROWS = 4;

  /** Rows that are worth a block of rollout_advance. */
  private static final int ADVANCE_ROWS = 32;

  private final CudaLimits limits;

  RowLaunches(CudaLimits limits) {
    this.limits = limits;
  }

  /** A thread for each of {@code count} items. */
  OpLaunch items(String kernel, long count) {
    return OpLaunch.of(KernelLaunch.items(kernel, count, limits));
  }

  /** A thread for 4 words, which it moves together. */
  OpLaunch fours(String kernel, long words) {
    return items(kernel, KernelLaunch.blocks(words, 4));
  }

  /** A warp for each of {@code count} items. */
  OpLaunch warps(String kernel, long count) {
    return items(kernel, 32 * count);
  }

  /** A thread for each element of a (rows, width) matrix. */
  OpLaunch elements(String kernel, long rows, long width) {
    return OpLaunch.of(matrix(kernel, rows, width));
  }

  private KernelLaunch matrix(String kernel, long rows, long width) {
    long elements = rows * width;
    if (elements > Integer.MAX_VALUE) {
      throw new MpdpException(
          "%s: %d rows of %d values are more than the 2^31 - 1 that the cuda back end indexes: use smaller batches"
              .formatted(kernel, rows, width));
    }
    return KernelLaunch.items(kernel, elements, limits);
  }

  /** Blocks of whole rows: no more than RowPack in cuda/rows.cuh gives threads. */
  OpLaunch of(SquashedGaussian op) {
    int rowsOfBlock = Math.max(1, PACKED_THREADS / op.actions());
    int blocks = (int) KernelLaunch.blocks(op.rows(), rowsOfBlock);
    return OpLaunch.of(new KernelLaunch("squashed_gaussian", blocks, 1, 1, PACKED_THREADS, 0));
  }

  OpLaunch of(Disagreement op) {
    return oneVsRest("disagreement", op.members(), op.rows(), op.dimensions(), DISAGREEMENT_ARRAYS);
  }

  OpLaunch of(DisagreementBackward op) {
    return oneVsRest(
        "disagreement_backward",
        op.members(),
        op.rows(),
        op.dimensions(),
        DISAGREEMENT_BACKWARD_ARRAYS);
  }

  /**
   * Blocks of whole rows with a thread for each member and dimension: no more rows than threads
   * reach, and fewer if that keeps more multiprocessors busy.
   *
   * @param arrays values that a block keeps of each member and dimension
   */
  private OpLaunch oneVsRest(String kernel, int members, int rows, int dimensions, int arrays) {
    int width = members * dimensions;
    long spread = KernelLaunch.blocks(rows, limits.multiprocessors());
    long rowsOfBlock = Math.clamp(spread, 1, Math.max(1, THREADS / width));
    int blocks = (int) KernelLaunch.blocks(rows, rowsOfBlock);
    int shared = SharedMemory.bytes(kernel, arrays * rowsOfBlock * width * Float.BYTES, limits);
    return OpLaunch.of(new KernelLaunch(kernel, blocks, 1, 1, THREADS, shared));
  }

  /**
   * A block for each member's chunk of rows, then one for each member and more for the bounds. The
   * way back through the network begins while the second launch adds up what the first one left in
   * scratch.
   */
  OpLaunch of(GaussianNll op) {
    int share = (int) Math.max(NLL_ROWS, KernelLaunch.blocks(op.rows(), NLL_CHUNKS));
    int chunks = (int) KernelLaunch.blocks(op.rows(), share);
    int bounds = op.dBounds() == null ? 0 : (int) KernelLaunch.blocks(2L * op.dimensions(), WARPS);
    return new OpLaunch(
        List.of(
            new KernelLaunch("gaussian_nll", chunks, op.members(), 1, 128, 0)
                .without(Set.of("loss", "squaredError", "dBounds")),
            new KernelLaunch("gaussian_nll_sum", op.members() + bounds, 1, 1, THREADS, 0)
                .without(Set.of("heads", "targets", "bounds", "dHeads"))),
        4L * op.members() * chunks * op.dimensions());
  }

  /** A block for each critic: it sums the loss, and no other may. */
  OpLaunch of(CriticLoss op) {
    return OpLaunch.of(new KernelLaunch("critic_loss", op.critics(), 1, 1, 256, 0));
  }

  OpLaunch of(GradientClip op) {
    int chunks = (int) Math.max(1, KernelLaunch.blocks(op.words(), CLIP_WORDS));
    return new OpLaunch(
        List.of(
            new KernelLaunch("gradient_clip", chunks, 1, 1, 256, 0),
            KernelLaunch.block("gradient_clip_decide", 256)),
        2L * chunks);
  }

  /** How many rows the ring holds is known on the device alone, so the grid is always the same. */
  OpLaunch of(ReplayMoments op) {
    long columns = 2L * op.states() + op.actions() + 1;
    return new OpLaunch(
        List.of(
            new KernelLaunch("replay_moments", MOMENTS_BLOCKS, 1, 1, 256, 0),
            new KernelLaunch(
                "replay_moments_sum", (int) KernelLaunch.blocks(columns, WARPS), 1, 1, THREADS, 0)),
        2L * 2 * MOMENTS_BLOCKS * columns);
  }

  /** Each block reads what the rows before its own do: few rows a block, but not many blocks. */
  OpLaunch of(RolloutAdvance op) {
    long blocks =
        Math.min(KernelLaunch.blocks(op.rows(), ADVANCE_ROWS), 2L * limits.multiprocessors());
    return OpLaunch.of(new KernelLaunch("rollout_advance", (int) blocks, 1, 1, THREADS, 0));
  }

  /** Every thread counts its rows of each member. */
  OpLaunch of(RouteRows op) {
    int blocks = (int) KernelLaunch.blocks(op.rows(), ROUTE_ROWS);
    int shared =
        SharedMemory.bytes("route_rows", op.members() * (THREADS + 2L) * Integer.BYTES, limits);
    if (blocks == 1) {
      return OpLaunch.of(new KernelLaunch("route_rows", 1, 1, 1, THREADS, shared));
    }
    return new OpLaunch(
        List.of(
            new KernelLaunch("route_rows_count", blocks, 1, 1, THREADS, shared),
            new KernelLaunch("route_rows_place", blocks, 1, 1, THREADS, shared)),
        (long) op.members() * blocks);
  }

  OpLaunch of(ModelGather op) {
    return warps("model_gather", KernelLaunch.blocks((long) op.members() * op.rows(), MODEL_ROWS));
  }

  /** Blocks along y are steps: an element's step is not divided out. */
  OpLaunch of(SequenceSample op) {
    KernelLaunch step = matrix("sequence_sample", (long) op.rows() - op.first(), op.actions());
    return OpLaunch.of(
        new KernelLaunch(step.kernel(), step.gridX(), op.steps(), 1, step.threads(), 0));
  }

  /** A lane for each row's score, a warp for each rank, and for each action of the plan. */
  OpLaunch of(SequenceRefit op) {
    int scores = (int) KernelLaunch.blocks(op.rows(), 32);
    int ranks = (int) KernelLaunch.blocks(op.rows(), WARPS);
    int fits = (int) KernelLaunch.blocks((long) op.steps() * op.actions(), WARPS);
    int shared = SharedMemory.bytes("sequence_refit", (long) op.elites() * Float.BYTES, limits);
    return OpLaunch.of(
        new KernelLaunch("sequence_refit_score", scores, 1, 1, THREADS, 0),
        new KernelLaunch("sequence_refit_rank", ranks, 1, 1, THREADS, 0),
        new KernelLaunch("sequence_refit", fits, 1, 1, THREADS, shared));
  }
}
