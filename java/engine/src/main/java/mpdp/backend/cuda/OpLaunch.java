package mpdp.backend.cuda;

import java.util.List;

/**
 * How one op runs: its launches in order.
 *
 * @param scratchWords device scratch that the launches get, 0 for none
 */
public record OpLaunch(List<Launch> launches, long scratchWords) {
  public OpLaunch {
    launches = List.copyOf(launches);
  }

  /** Kernels without scratch. */
  static OpLaunch of(KernelLaunch... kernels) {
    return new OpLaunch(List.of(kernels), 0);
  }

  /** The launches that are kernels of our own. */
  public List<KernelLaunch> kernels() {
    return launches.stream()
        .filter(KernelLaunch.class::isInstance)
        .map(KernelLaunch.class::cast)
        .toList();
  }
}
