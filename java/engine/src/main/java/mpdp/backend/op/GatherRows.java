package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * out[i] = in[index[i]] for present rows i (or out[index[i]] = in[i] when scatter).
 *
 * @param index int32 (rows), each in [0, rows)
 */
public record GatherRows(
    int rows,
    int width,
    boolean scatter,
    @In Buffer in,
    @In Buffer index,
    @In @Nullable Buffer count,
    @InOut Buffer out)
    implements Operation {

  public GatherRows {
    Operation.need("in", in, (long) rows * width);
    Operation.need("index", index, rows);
    Operation.need("count", count, 1);
    Operation.need("out", out, (long) rows * width);
  }

  @Override
  public Op op() {
    return Op.GATHER_ROWS;
  }

  @Override
  public double flops() {
    return 0.0;
  }
}
