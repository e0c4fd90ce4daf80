package mpdp.backend.cuda;

import java.util.EnumSet;
import java.util.Set;
import mpdp.MpdpException;
import mpdp.backend.op.Adam;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Fill;
import mpdp.backend.op.Op;
import mpdp.backend.op.Operation;

/**
 * The launch table: which kernels an op runs, and how large their grids are. Grids are sized for
 * all rows; kernels read how many are present.
 */
final class OpLaunches {
  /** Ops that have kernels. */
  static final Set<Op> COVERED = EnumSet.of(Op.ADAM, Op.COPY, Op.FILL);

  private OpLaunches() {}

  /**
   * The launches of {@code operation}.
   *
   * @throws MpdpException if the op has no kernel
   */
  static OpLaunch of(Operation operation) {
    return switch (operation) {
      case Adam op -> OpLaunch.of(KernelLaunch.items("adam", op.words()));
      case Copy op -> OpLaunch.of(KernelLaunch.items("copy", op.words()));
      case Fill op -> OpLaunch.of(KernelLaunch.items("fill", op.words()));
      default ->
          throw new MpdpException(
              "the cuda back end has no kernel for %s in this version: use --backend cpu"
                  .formatted(operation.op().id()));
    };
  }
}
