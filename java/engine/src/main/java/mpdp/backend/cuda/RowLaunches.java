package mpdp.backend.cuda;

import java.util.List;
import mpdp.MpdpException;
import mpdp.backend.op.CriticLoss;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.ReplayMoments;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RouteRows;
import mpdp.backend.op.SequenceRefit;
import mpdp.backend.op.SequenceSample;
import mpdp.backend.op.SquashedGaussian;

/** Launches of the ops that work on rows of a few values, and of those that sum. */
final class RowLaunches {
  /** Threads of a block that takes whole rows: small, so that few rows still fill the device. */
  private static final int PACKED_THREADS = 128;

  /** Rows of one block of gaussian_nll; kChunkRows there. */
  private static final int NLL_ROWS = 32;

  /** Words of one block of gradient_clip; kChunk there. */
  private static final int CLIP_WORDS = 16 * 256;

  /** Blocks of replay_moments, 2 for each multiprocessor of the largest device; kBlocks there. */
  private static final int MOMENTS_BLOCKS = 264;

  private static final int ROUTE_THREADS = 256;

  private RowLaunches() {}

  /** A thread for each element of a (rows, width) matrix. */
  static OpLaunch elements(String kernel, long rows, long width) {
    return OpLaunch.of(matrix(kernel, rows, width));
  }

  private static KernelLaunch matrix(String kernel, long rows, long width) {
    long elements = rows * width;
    if (elements > Integer.MAX_VALUE) {
      throw new MpdpException(
          "%s: %d rows of %d values are more than the 2^31 - 1 that the cuda back end indexes: use smaller batches"
              .formatted(kernel, rows, width));
    }
    return KernelLaunch.items(kernel, elements);
  }

  /** Blocks of whole rows; RowPack in cuda/rows.cuh has the same arithmetic. */
  private static KernelLaunch packed(String kernel, int rows, int width, long sharedBytes) {
    int rowsOfBlock = Math.max(1, PACKED_THREADS / width);
    int blocks = (int) KernelLaunch.blocks(rows, rowsOfBlock);
    return new KernelLaunch(
        kernel, blocks, 1, 1, PACKED_THREADS, SharedMemory.bytes(kernel, sharedBytes));
  }

  static OpLaunch of(SquashedGaussian op) {
    return OpLaunch.of(packed("squashed_gaussian", op.rows(), op.actions(), 0));
  }

  /** Every thread keeps 2 values of each member. */
  static OpLaunch of(Disagreement op) {
    long shared = 2L * op.members() * PACKED_THREADS * Float.BYTES;
    return OpLaunch.of(packed("disagreement", op.rows(), op.dimensions(), shared));
  }

  /** Every thread keeps 5 values of each member. */
  static OpLaunch of(DisagreementBackward op) {
    long shared = 5L * op.members() * PACKED_THREADS * Float.BYTES;
    return OpLaunch.of(packed("disagreement_backward", op.rows(), op.dimensions(), shared));
  }

  /** A block for each member's chunk of rows, then one for each member and one for the bounds. */
  static OpLaunch of(GaussianNll op) {
    int chunks = (int) KernelLaunch.blocks(op.rows(), NLL_ROWS);
    int sums = op.members() + (op.dBounds() == null ? 0 : 1);
    return new OpLaunch(
        List.of(
            new KernelLaunch("gaussian_nll", chunks, op.members(), 1, 256, 0),
            new KernelLaunch("gaussian_nll_sum", sums, 1, 1, 128, 0)),
        4L * op.members() * chunks * op.dimensions());
  }

  /** A block for each critic: it sums the loss, and no other may. */
  static OpLaunch of(CriticLoss op) {
    return OpLaunch.of(new KernelLaunch("critic_loss", op.critics(), 1, 1, 256, 0));
  }

  static OpLaunch of(GradientClip op) {
    int chunks = (int) Math.max(1, KernelLaunch.blocks(op.words(), CLIP_WORDS));
    return new OpLaunch(
        List.of(
            new KernelLaunch("gradient_clip", chunks, 1, 1, 256, 0),
            KernelLaunch.block("gradient_clip_decide", 256)),
        2L * chunks);
  }

  /** How many rows the ring holds is known on the device alone, so the grid is the device's. */
  static OpLaunch of(ReplayMoments op) {
    long columns = 2L * op.states() + op.actions() + 1;
    return new OpLaunch(
        List.of(
            new KernelLaunch("replay_moments", MOMENTS_BLOCKS, 1, 1, 256, 0),
            KernelLaunch.block("replay_moments_sum", 256)),
        2L * 2 * MOMENTS_BLOCKS * columns);
  }

  /** Places need a prefix sum over all rows, hence one block; it is as large as blocks are. */
  static OpLaunch of(RolloutAdvance op) {
    return OpLaunch.of(
        KernelLaunch.block("rollout_advance_places", 1024),
        matrix("rollout_advance_move", op.rows(), op.states()));
  }

  /** One block sorts; every thread counts the rows of each member. */
  static OpLaunch of(RouteRows op) {
    long shared = (long) op.members() * ROUTE_THREADS * Integer.BYTES;
    return OpLaunch.of(
        new KernelLaunch(
            "route_rows", 1, 1, 1, ROUTE_THREADS, SharedMemory.bytes("route_rows", shared)));
  }

  /** Blocks along y are steps: an element's step is not divided out. */
  static OpLaunch of(SequenceSample op) {
    KernelLaunch step = matrix("sequence_sample", (long) op.rows() - op.first(), op.actions());
    return OpLaunch.of(
        new KernelLaunch(step.kernel(), step.gridX(), op.steps(), 1, step.threads(), 0));
  }

  /** Scores, ranks, then a thread for each action of the plan. */
  static OpLaunch of(SequenceRefit op) {
    int ranks = (int) KernelLaunch.blocks(op.rows(), 256);
    int fits = (int) KernelLaunch.blocks((long) op.steps() * op.actions(), PACKED_THREADS);
    int shared = SharedMemory.bytes("sequence_refit", (long) op.elites() * Float.BYTES);
    return OpLaunch.of(
        KernelLaunch.items("sequence_refit_score", op.rows()),
        new KernelLaunch("sequence_refit_rank", ranks, 1, 1, 256, 0),
        new KernelLaunch("sequence_refit", fits, 1, 1, PACKED_THREADS, shared));
  }
}
