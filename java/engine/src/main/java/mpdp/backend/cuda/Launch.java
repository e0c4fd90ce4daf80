package mpdp.backend.cuda;

import java.util.Set;

/** One launch of an op: a node of its program's graph. */
public sealed interface Launch permits KernelLaunch, MatrixProduct {
  /** Name of the kernel, or of the library's function. */
  String kernel();

  /**
   * Names of the op's operands that this launch neither reads nor writes: whoever needs them does
   * not wait for it. It counts as touching all others.
   */
  default Set<String> untouched() {
    return Set.of();
  }
}
