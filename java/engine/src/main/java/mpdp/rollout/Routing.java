package mpdp.rollout;

import mpdp.backend.Recorder;
import mpdp.backend.op.RouteRows;
import mpdp.model.DynamicsEnsemble;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Which elite answers each row of a step, and where the row stands among rows sorted by member, so
 * that no member computes a row that is not its own. See {@link RouteRows}.
 *
 * @param order int32 (rows): the row at each place
 * @param place int32 (rows): the place of each row, or null where nobody asks for it
 * @param offsets int32 (members + 1): where each member's rows begin
 * @param chosen int32 (rows): the member of each row
 */
public record Routing(Buffer order, @Nullable Buffer place, Buffer offsets, Buffer chosen) {

  /** Memory for rows that move to their places and back by {@link #order} alone. */
  public static Routing sorting(TensorArena arena, DynamicsEnsemble model, int rows) {
    return of(arena, model, rows, null);
  }

  /** Memory for rows that stay where they are: only the network's batch is sorted. */
  static Routing placing(TensorArena arena, DynamicsEnsemble model, int rows) {
    return of(arena, model, rows, arena.allocate(rows));
  }

  private static Routing of(
      TensorArena arena, DynamicsEnsemble model, int rows, @Nullable Buffer place) {
    return new Routing(
        arena.allocate(rows), place, arena.allocate(model.members() + 1), arena.allocate(rows));
  }

  /**
   * Draws an elite for each row and sorts.
   *
   * @param site draw site
   * @param kept int32 (rows): each root's member, or null to draw one
   */
  public void record(
      Recorder recorder,
      DynamicsEnsemble model,
      RolloutRows rows,
      Buffer random,
      int site,
      @Nullable Buffer kept) {
    recorder.add(
        new RouteRows(
            model.members(),
            rows.capacity(),
            model.eliteCount(),
            site,
            model.elites(),
            random,
            rows.count(),
            rows.root(),
            kept,
            order,
            place,
            offsets,
            chosen));
  }
}
