package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.Operation;

/** Ops that one kernel runs one after another, and how their rows are dealt out to blocks. */
record RowChain(List<Member> members, CudaLimits limits) {
  /**
   * Blocks of the kernel that a multiprocessor has room for, by its registers, and one to spare.
   */
  private static final int BLOCKS_OF_MULTIPROCESSOR = 2;

  /** An op, how it meets its rows, and what it touches. */
  record Member(Operation operation, RowAccess access, List<MemoryRange> spans) {}

  private int rows() {
    return members.getFirst().access().rows();
  }

  /** As many as keep all multiprocessors busy, if each has its threads. */
  private long rowsOfBlock() {
    int widest = members.stream().mapToInt(member -> member.access().width()).max().orElseThrow();
    long spread = KernelLaunch.blocks(rows(), limits.multiprocessors());
    return Math.clamp(spread, 1, Math.max(1, RowAccess.THREADS / widest));
  }

  private long blocks() {
    return KernelLaunch.blocks(rows(), rowsOfBlock());
  }

  /** A multiple of 4, so that what follows is aligned. */
  private long sharedWords(Member member) {
    return (member.access().sharedWords(rowsOfBlock()) + 3) / 4 * 4;
  }

  private long sharedBytes() {
    return Float.BYTES * members.stream().mapToLong(this::sharedWords).sum();
  }

  /**
   * Whether all blocks run at once, with the memory that they need. A chain saves launches; where
   * there is work for more blocks than that, kernels that spread single ops over all threads win.
   */
  boolean fits() {
    return members.size() <= Step.MOST_LINKS
        && blocks() <= (long) BLOCKS_OF_MULTIPROCESSOR * limits.multiprocessors()
        && sharedBytes() <= limits.sharedBytes();
  }

  /** Its launch: with a barrier before an op that needs what one since the last barrier touched. */
  Step step() {
    List<Step.Link> links = new ArrayList<>();
    List<Member> sinceBarrier = new ArrayList<>();
    long shared = 0;
    for (Member member : members) {
      boolean barrier =
          sinceBarrier.stream().anyMatch(one -> Dependencies.conflict(one.spans(), member.spans()));
      if (barrier) {
        sinceBarrier.clear();
      }
      sinceBarrier.add(member);
      links.add(new Step.Link(member.operation(), shared, barrier));
      shared += sharedWords(member);
    }
    KernelLaunch kernel =
        new KernelLaunch(
            Step.CHAIN_KERNEL, (int) blocks(), 1, 1, RowAccess.THREADS, (int) sharedBytes());
    return new Step(links, true, rows(), OpLaunch.of(kernel));
  }
}
