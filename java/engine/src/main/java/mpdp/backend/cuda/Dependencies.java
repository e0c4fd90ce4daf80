package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which kernels of a program wait for which. A kernel waits for those before it that wrote what it
 * reads or writes, or read what it writes; what is left may run at once, in any order, and gives
 * the same bits.
 */
final class Dependencies {
  private Dependencies() {}

  /**
   * For each kernel the ones that it waits for, ascending. Those that one of them waits for already
   * are left out: a graph's launch pays for every edge.
   *
   * @param touched by each kernel, in the order in which they were recorded
   */
  static List<int[]> of(List<List<MemoryRange>> touched) {
    List<int[]> dependencies = new ArrayList<>();
    List<BitSet> before = new ArrayList<>();
    for (int i = 0; i < touched.size(); i++) {
      BitSet direct = new BitSet();
      BitSet all = new BitSet();
      // Descending: whatever leads from j to i has been seen when j is looked at.
      for (int j = i - 1; j >= 0; j--) {
        if (!all.get(j) && conflict(touched.get(i), touched.get(j))) {
          direct.set(j);
          all.set(j);
          all.or(before.get(j));
        }
      }
      dependencies.add(direct.stream().toArray());
      before.add(all);
    }
    return dependencies;
  }

  /** Whether one must wait for the other. */
  static boolean conflict(List<MemoryRange> one, List<MemoryRange> other) {
    for (MemoryRange a : one) {
      for (MemoryRange b : other) {
        if (a.conflicts(b)) {
          return true;
        }
      }
    }
    return false;
  }
}
