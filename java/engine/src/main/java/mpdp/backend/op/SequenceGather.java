package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts particles in the order in which their members evaluate them, each with the action of its
 * candidate. For present places k, with i = order[k] and r = root[i] (or i when root is null):
 * routedState[k] = state[i], routedRoot[k] = r, routedAction[k] = action[r mod candidates].
 *
 * @param common all rows start in state's only row
 * @param state (rows, states), or (1, states) when common
 * @param action (candidates, actions): one step of all sequences
 * @param order int32 (rows), see {@link RouteRows}
 * @param root int32 (rows), not negative, or null: row i is root i
 * @param routedState (rows, states)
 * @param routedRoot int32 (rows)
 * @param routedAction (rows, actions)
 */
public record SequenceGather(
    int rows,
    int candidates,
    int states,
    int actions,
    boolean common,
    @In Buffer state,
    @In Buffer action,
    @In Buffer order,
    @In @Nullable Buffer root,
    @In @Nullable Buffer count,
    @Out Buffer routedState,
    @Out Buffer routedRoot,
    @Out Buffer routedAction)
    implements Operation {

  public SequenceGather {
    Operation.positive("candidates", candidates);
    Operation.need("state", state, common ? states : (long) rows * states);
    Operation.need("action", action, (long) candidates * actions);
    Operation.need("order", order, rows);
    Operation.need("root", root, rows);
    Operation.need("count", count, 1);
    Operation.need("routedState", routedState, (long) rows * states);
    Operation.need("routedRoot", routedRoot, rows);
    Operation.need("routedAction", routedAction, (long) rows * actions);
  }

  @Override
  public Op op() {
    return Op.SEQUENCE_GATHER;
  }

  @Override
  public double flops() {
    return 0.0;
  }
}
