package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Finds ops that one kernel may run one after another, each block on its own rows: what is left
 * between two networks of a rollout's step. A chain takes the place of its last op, so nothing in
 * between may need what its ops touch; and it starts when the last of its inputs is there, so an op
 * that would wait for a network of its own stays out.
 */
final class RowChains {
  /** How far back an op looks for a chain to join. */
  private static final int WINDOW = 16;

  private final List<Operation> operations;
  private final CudaLimits limits;
  private final List<List<OpOrder.Span>> spans;
  private final List<BitSet> direct = new ArrayList<>();
  private final List<BitSet> before = new ArrayList<>();
  private final List<@Nullable RowAccess> accesses;
  private final List<List<Integer>> groups = new ArrayList<>();

  private RowChains(List<Operation> operations, CudaLimits limits) {
    this.operations = operations;
    this.limits = limits;
    this.spans = operations.stream().map(op -> OpOrder.spans(op, op.op().id())).toList();
    this.accesses = new ArrayList<>();
    operations.forEach(operation -> accesses.add(RowAccess.of(operation)));
    for (int[] waitsFor : OpOrder.of(spans)) {
      BitSet mine = new BitSet();
      BitSet all = new BitSet();
      for (int earlier : waitsFor) {
        mine.set(earlier);
        all.set(earlier);
        all.or(before.get(earlier));
      }
      direct.add(mine);
      before.add(all);
    }
  }

  /**
   * The launches of {@code operations}, in an order that gives what theirs gives.
   *
   * @param shortest ops that make a chain; fewer keep kernels of their own. 0 for no chains
   */
  static List<Step> of(List<Operation> operations, CudaLimits limits, int shortest) {
    if (shortest == 0) {
      return operations.stream().map(operation -> Step.of(operation, limits)).toList();
    }
    RowChains chains = new RowChains(operations, limits);
    for (int op = 0; op < operations.size(); op++) {
      chains.place(op);
    }
    List<Step> steps = new ArrayList<>();
    chains.groups.sort(Comparator.comparing(List::getLast));
    for (List<Integer> group : chains.groups) {
      if (group.size() >= shortest && chains.fits(group)) {
        steps.add(chains.chain(group));
      } else {
        group.forEach(op -> steps.add(Step.of(operations.get(op), limits)));
      }
    }
    return steps;
  }

  private void place(int op) {
    for (int i = groups.size() - 1; i >= 0 && groups.get(i).getLast() >= op - WINDOW; i--) {
      if (joins(groups.get(i), op)) {
        groups.get(i).add(op);
        return;
      }
    }
    groups.add(new ArrayList<>(List.of(op)));
  }

  private boolean joins(List<Integer> group, int op) {
    RowAccess access = accesses.get(op);
    RowAccess first = accesses.get(group.getFirst());
    if (access == null
        || first == null
        || access.rows() != first.rows()
        || group.size() == Step.MOST_LINKS) {
      return false;
    }
    List<Integer> longer = new ArrayList<>(group);
    longer.add(op);
    return related(group, op)
        && group.stream().allMatch(earlier -> bound(earlier, op))
        && movable(group, op)
        && startsNoLater(group, op)
        && fits(longer);
  }

  /** Needs one of them, or what one of them needs. */
  private boolean related(List<Integer> group, int op) {
    return group.stream()
        .anyMatch(
            earlier -> conflict(earlier, op) || direct.get(op).intersects(direct.get(earlier)));
  }

  /** Whether all that both touch is bound to rows in the same way. */
  private boolean bound(int earlier, int op) {
    for (OpEncoding.Operand one : operands(earlier)) {
      for (OpEncoding.Operand other : operands(op)) {
        OpOrder.Span span = OpOrder.Span.of(one);
        OpOrder.Span otherSpan = OpOrder.Span.of(other);
        RowAccess.Layout layout = accesses.get(earlier).layout(one.name());
        boolean same =
            layout != null
                && layout.equals(accesses.get(op).layout(other.name()))
                && span.from() == otherSpan.from();
        if (span.orders(otherSpan) && !same) {
          return false;
        }
      }
    }
    return true;
  }

  private List<OpEncoding.Operand> operands(int op) {
    return OpEncoding.of(operations.get(op)).operands().stream()
        .filter(operand -> operand.buffer() != null)
        .toList();
  }

  /** Whether no op in between has to come after one of the group. */
  private boolean movable(List<Integer> group, int op) {
    for (int between = group.getFirst() + 1; between < op; between++) {
      for (int earlier : group) {
        if (earlier < between && !group.contains(between) && conflict(earlier, between)) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Whether what {@code op} waits for is there when the group starts, or is a small op that may run
   * beside what the group waits for.
   */
  private boolean startsNoLater(List<Integer> group, int op) {
    BitSet waited = new BitSet();
    for (int earlier : group) {
      waited.or(before.get(earlier));
      waited.set(earlier);
    }
    return direct.get(op).stream().allMatch(other -> early(other, waited));
  }

  private boolean early(int op, BitSet waited) {
    Operation operation = operations.get(op);
    return waited.get(op)
        || !(operation instanceof MlpForward || operation instanceof MlpBackward)
            && direct.get(op).stream().allMatch(other -> early(other, waited));
  }

  private boolean conflict(int one, int other) {
    return OpOrder.conflict(spans.get(one), spans.get(other));
  }

  private long rowsOfBlock(List<Integer> group) {
    int widest = group.stream().mapToInt(op -> accesses.get(op).width()).max().orElse(1);
    int rows = accesses.get(group.getFirst()).rows();
    long spread = KernelLaunch.blocks(rows, limits.multiprocessors());
    return Math.clamp(spread, 1, Math.max(1, RowAccess.THREADS / widest));
  }

  private long blocks(List<Integer> group) {
    return KernelLaunch.blocks(accesses.get(group.getFirst()).rows(), rowsOfBlock(group));
  }

  private long sharedWords(List<Integer> group) {
    long rows = rowsOfBlock(group);
    return group.stream().mapToLong(op -> sharedWords(op, rows)).sum();
  }

  /** A multiple of 4, so that what follows is aligned. */
  private long sharedWords(int op, long rows) {
    return (accesses.get(op).sharedWords(rows) + 3) / 4 * 4;
  }

  /**
   * Whether all blocks run at once, with the memory that they need. A chain saves launches; where
   * there is work for more blocks than that, kernels that spread single ops over all threads win.
   */
  private boolean fits(List<Integer> group) {
    return accesses.get(group.getFirst()) != null
        && blocks(group) <= 2L * limits.multiprocessors()
        && Float.BYTES * sharedWords(group) <= limits.sharedBytes();
  }

  private Step chain(List<Integer> group) {
    List<Step.Link> links = new ArrayList<>();
    List<Integer> sinceBarrier = new ArrayList<>();
    long shared = 0;
    for (int op : group) {
      boolean barrier = sinceBarrier.stream().anyMatch(earlier -> conflict(earlier, op));
      if (barrier) {
        sinceBarrier.clear();
      }
      sinceBarrier.add(op);
      links.add(new Step.Link(operations.get(op), shared, barrier));
      shared += sharedWords(op, rowsOfBlock(group));
    }
    KernelLaunch kernel =
        new KernelLaunch(
            Step.CHAIN_KERNEL,
            (int) blocks(group),
            1,
            1,
            RowAccess.THREADS,
            (int) (Float.BYTES * shared));
    return new Step(links, true, accesses.get(group.getFirst()).rows(), OpLaunch.of(kernel));
  }
}
