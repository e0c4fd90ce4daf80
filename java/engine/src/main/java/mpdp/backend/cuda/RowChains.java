package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
  private final List<List<OpEncoding.Operand>> operands = new ArrayList<>();
  private final List<List<MemoryRange>> spans = new ArrayList<>();
  private final List<@Nullable RowAccess> accesses = new ArrayList<>();
  private final List<BitSet> direct = new ArrayList<>();
  private final List<BitSet> before = new ArrayList<>();
  private final List<List<Integer>> groups = new ArrayList<>();

  private RowChains(List<Operation> operations, CudaLimits limits) {
    this.operations = operations;
    this.limits = limits;
    for (Operation operation : operations) {
      operands.add(
          OpEncoding.of(operation).operands().stream()
              .filter(operand -> operand.buffer() != null)
              .toList());
      spans.add(operands.getLast().stream().map(MemoryRange::of).toList());
      accesses.add(RowAccess.of(operation));
    }
    for (int[] waitsFor : Dependencies.of(spans)) {
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
        steps.add(chains.chain(group).step());
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
    if (access == null || first == null || access.rows() != first.rows()) {
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

  private boolean fits(List<Integer> group) {
    return accesses.get(group.getFirst()) != null && chain(group).fits();
  }

  private RowChain chain(List<Integer> group) {
    return new RowChain(
        group.stream()
            .map(
                op ->
                    new RowChain.Member(
                        operations.get(op),
                        Objects.requireNonNull(accesses.get(op)),
                        spans.get(op)))
            .toList(),
        limits);
  }

  /** Needs one of them, or what one of them needs. */
  private boolean related(List<Integer> group, int op) {
    return group.stream()
        .anyMatch(
            earlier -> conflict(earlier, op) || direct.get(op).intersects(direct.get(earlier)));
  }

  /** Whether all that one needs of the other is bound to rows in the same way. */
  private boolean bound(int earlier, int op) {
    for (int i = 0; i < operands.get(earlier).size(); i++) {
      for (int j = 0; j < operands.get(op).size(); j++) {
        MemoryRange one = spans.get(earlier).get(i);
        MemoryRange other = spans.get(op).get(j);
        RowAccess.Layout layout = layout(earlier, i);
        boolean sameRows =
            layout != null && layout.equals(layout(op, j)) && one.from() == other.from();
        if (one.conflicts(other) && !sameRows) {
          return false;
        }
      }
    }
    return true;
  }

  /** Of the rows of operand {@code i}, or null if it is not bound to them. */
  private RowAccess.@Nullable Layout layout(int op, int i) {
    return Objects.requireNonNull(accesses.get(op)).layout(operands.get(op).get(i).name());
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
   * Whether what {@code op} waits for is there when the group starts, or is small and may run
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

  /** Adds what is early to {@code waited}, so that nothing is looked at twice. */
  private boolean early(int op, BitSet waited) {
    Operation operation = operations.get(op);
    boolean network = operation instanceof MlpForward || operation instanceof MlpBackward;
    if (!waited.get(op)
        && (network || !direct.get(op).stream().allMatch(other -> early(other, waited)))) {
      return false;
    }
    waited.set(op);
    return true;
  }

  private boolean conflict(int one, int other) {
    return Dependencies.conflict(spans.get(one), spans.get(other));
  }
}
