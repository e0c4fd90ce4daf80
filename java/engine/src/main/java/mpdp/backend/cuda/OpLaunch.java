package mpdp.backend.cuda;

import java.util.List;

/**
 * How one op runs: its kernels in order.
 *
 * @param scratchWords device scratch that the kernels get, 0 for none
 */
public record OpLaunch(List<KernelLaunch> kernels, long scratchWords) {
  public OpLaunch {
    kernels = List.copyOf(kernels);
  }

  /** Kernels without scratch. */
  static OpLaunch of(KernelLaunch... kernels) {
    return new OpLaunch(List.of(kernels), 0);
  }
}
