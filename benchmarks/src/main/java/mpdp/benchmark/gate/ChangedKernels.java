package mpdp.benchmark.gate;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What changed files mean for one back end.
 *
 * @param ops names of the ops whose kernels changed
 * @param all whether something changed that every op shares
 */
record ChangedKernels(Set<String> ops, boolean all) {
  private static final Pattern OP = Pattern.compile("\\w+/ops/(\\w+)\\.\\w+");
  private static final Pattern NO_KERNEL = Pattern.compile("native/(mujoco|gate|probe)/.*");

  /**
   * @param folder where the back end's kernels are: native, cuda or opencl
   * @param files paths from the root of the checkout
   */
  static ChangedKernels of(String folder, List<String> files) {
    Set<String> ops = new HashSet<>();
    boolean all = false;
    for (String file : files) {
      Matcher op = OP.matcher(file);
      if (!file.startsWith(folder + "/") || NO_KERNEL.matcher(file).matches()) {
        continue;
      }
      if (op.matches()) {
        ops.add(op.group(1));
      } else {
        all = true;
      }
    }
    return new ChangedKernels(Set.copyOf(ops), all);
  }

  boolean none() {
    return !all && ops.isEmpty();
  }

  /** Whether a step that runs these ops can have changed. */
  boolean affects(Collection<?> stepOps) {
    return all || stepOps.stream().anyMatch(ops::contains);
  }
}
