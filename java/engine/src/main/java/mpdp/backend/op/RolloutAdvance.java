package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Ends rollouts and compacts the rest (adaptive horizon, decisions 1 to 3): a row stops when last,
 * done, or u >= threshold (a NaN u stops too). Stopped rows leave their next state as tail; the
 * others move, in order, to the front of the next step's batch.
 *
 * <p>For each present row i with root = root[i] (or i when root is null): length[root] = step + 1.
 * If it stops: child[i] = -1, tailState[root] = next[i], tailWeight[root] = done ? 0 :
 * tailDiscount. Otherwise child[i] = j, nextRoot[j] = root, nextState[j] = next[i] with j counting
 * up from 0, and nextCount = number of such rows.
 *
 * @param roots capacity of the root-indexed operands
 * @param step index of the step just taken, from 0
 * @param tailDiscount g^(step + 1)
 * @param uncertainty (rows) or null: never stop early
 * @param root int32 (rows) or null: row i is root i
 * @param child int32 (rows)
 * @param nextCount int32 (1)
 * @param nextRoot int32 (rows)
 * @param nextState (rows, states)
 * @param tailState (roots, states)
 * @param tailWeight (roots)
 * @param length (roots), steps taken
 */
public record RolloutAdvance(
    int rows,
    int roots,
    int states,
    int step,
    boolean last,
    float threshold,
    float tailDiscount,
    @In Buffer next,
    @In @Nullable Buffer uncertainty,
    @In Buffer done,
    @In @Nullable Buffer root,
    @In @Nullable Buffer count,
    @Out Buffer child,
    @Out Buffer nextCount,
    @Out Buffer nextRoot,
    @Out Buffer nextState,
    @InOut Buffer tailState,
    @InOut Buffer tailWeight,
    @InOut Buffer length)
    implements Operation {

  public RolloutAdvance {
    Operation.need("next", next, (long) rows * states);
    Operation.need("uncertainty", uncertainty, rows);
    Operation.need("done", done, rows);
    Operation.need("root", root, rows);
    Operation.need("count", count, 1);
    Operation.need("child", child, rows);
    Operation.need("nextCount", nextCount, 1);
    Operation.need("nextRoot", nextRoot, rows);
    Operation.need("nextState", nextState, (long) rows * states);
    Operation.need("tailState", tailState, (long) roots * states);
    Operation.need("tailWeight", tailWeight, roots);
    Operation.need("length", length, roots);
  }

  @Override
  public Op op() {
    return Op.ROLLOUT_ADVANCE;
  }

  @Override
  public double flops() {
    return 3.0 * rows;
  }
}
