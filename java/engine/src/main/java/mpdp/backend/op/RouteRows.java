package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Assigns each row a random elite member and sorts rows by member (stable), for ROUTED evaluation.
 * chosen[row] = elites[floor(uniform eliteCount)], the uniform of element root[row] (or row when
 * root is null) at site: draws are numbered by root, as in {@link TransitionSample}. order[k] = row
 * at sorted place k; member m's rows are places offsets[m] .. offsets[m + 1] - 1.
 *
 * <p>Where {@code kept} is given nothing is drawn: chosen[row] = kept[root[row]] (or kept[row] when
 * root is null), so that a particle stays with its member while rows move.
 *
 * @param root int32 (rows), each in [0, rows), or null
 * @param kept int32 (rows): the member of each root, or null
 * @param order int32 (rows)
 * @param place int32 (rows), or null: the place of each row, order's inverse
 * @param offsets int32 (members + 1)
 * @param chosen int32 (rows)
 */
public record RouteRows(
    int members,
    int rows,
    int eliteCount,
    int site,
    @In Buffer elites,
    @In Buffer random,
    @In @Nullable Buffer count,
    @In @Nullable Buffer root,
    @In @Nullable Buffer kept,
    @Out Buffer order,
    @Out @Nullable Buffer place,
    @Out Buffer offsets,
    @Out Buffer chosen)
    implements Operation {

  public RouteRows {
    Operation.need("elites", elites, eliteCount);
    Operation.need("random", random, Draws.WORDS);
    Operation.need("count", count, 1);
    Operation.need("root", root, rows);
    Operation.need("kept", kept, rows);
    Operation.need("order", order, rows);
    Operation.need("place", place, rows);
    Operation.need("offsets", offsets, members + 1);
    Operation.need("chosen", chosen, rows);
  }

  @Override
  public Op op() {
    return Op.ROUTE_ROWS;
  }

  @Override
  public double flops() {
    return 2.0 * rows;
  }
}
