package mpdp.backend.cuda;

import java.util.List;
import java.util.stream.Collectors;
import mpdp.backend.op.Operation;

/**
 * What a program launches together: an op with its kernels, or a chain of ops as one kernel.
 *
 * @param chain whether one kernel runs all {@code links}
 * @param rows that the links share, 0 for an op of its own
 */
record Step(List<Link> links, boolean chain, int rows, OpLaunch launch) {
  /** Most ops of a chain; cuda/common.cuh has the same. */
  static final int MOST_LINKS = 6;

  /** In {@code cuda/rows_chain.cu}. */
  static final String CHAIN_KERNEL = "rows_chain";

  Step {
    links = List.copyOf(links);
  }

  /**
   * An op of a chain.
   *
   * @param sharedAt where its words of the block's shared memory begin
   * @param barrier whether the block's threads wait for each other before it
   */
  record Link(Operation operation, long sharedAt, boolean barrier) {}

  static Step of(Operation operation, CudaLimits limits) {
    return new Step(
        List.of(new Link(operation, 0, false)), false, 0, OpLaunches.of(operation, limits));
  }

  List<Operation> operations() {
    return links.stream().map(Link::operation).toList();
  }

  /** As in "op adam" or "ops normalize, squashed_gaussian". */
  String name() {
    return operations().stream()
        .map(operation -> operation.op().id())
        .collect(Collectors.joining(", ", links.size() == 1 ? "op " : "ops ", ""));
  }
}
