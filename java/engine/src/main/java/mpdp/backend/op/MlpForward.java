package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Batched ensemble-MLP forward: {@code y_m = MLP_m(x)} for members {@code firstMember ..
 * firstMember + memberCount - 1} (see {@link MlpShape}).
 *
 * <p>x is (rows, inputs) when {@code mode} is SHARED or ROUTED, else (memberCount, rows, inputs). y
 * is (memberCount, rows, outputs), or (rows, outputs) when ROUTED: then member {@code firstMember +
 * m} computes rows {@code offsets[m] .. offsets[m + 1] - 1} only, and the tape has them in the same
 * places. Rows from the last offset on are left as they are.
 *
 * @param precision of the products; the tape holds what is computed, not what is rounded of it
 * @param use which gradients the tape has to serve
 * @param offsets int32 (memberCount + 1), ROUTED only
 * @param count rows present (int32), not with ROUTED
 * @param tape {@link MlpShape#tapeWords} of {@link RowMode#tapeMembers} words for a backward pass,
 *     or null
 */
public record MlpForward(
    MlpShape shape,
    int rows,
    RowMode mode,
    int firstMember,
    int memberCount,
    Precision precision,
    TapeUse use,
    @In Buffer x,
    @In Buffer parameters,
    @In @Nullable Buffer offsets,
    @In @Nullable Buffer count,
    @Out @Nullable Buffer tape,
    @Out Buffer y)
    implements Operation {

  public MlpForward {
    Operation.positive("rows", rows);
    RowMode.checkMembers(shape, firstMember, memberCount);
    RowMode.checkRouting(mode, offsets, count, memberCount);
    Operation.need("x", x, mode.inputMatrices(memberCount) * rows * shape.inputs());
    Operation.need("parameters", parameters, shape.parameterWords());
    Operation.need("tape", tape, shape.tapeWords(mode.tapeMembers(memberCount), rows));
    Operation.need("y", y, mode.outputMatrices(memberCount) * rows * shape.outputs());
  }

  /** With a tape, if any, for every gradient. */
  public MlpForward(
      MlpShape shape,
      int rows,
      RowMode mode,
      int firstMember,
      int memberCount,
      Precision precision,
      Buffer x,
      Buffer parameters,
      @Nullable Buffer offsets,
      @Nullable Buffer count,
      @Nullable Buffer tape,
      Buffer y) {
    this(
        shape,
        rows,
        mode,
        firstMember,
        memberCount,
        precision,
        TapeUse.ALL,
        x,
        parameters,
        offsets,
        count,
        tape,
        y);
  }

  /** In float32, with a tape, if any, for every gradient. */
  public MlpForward(
      MlpShape shape,
      int rows,
      RowMode mode,
      int firstMember,
      int memberCount,
      Buffer x,
      Buffer parameters,
      @Nullable Buffer offsets,
      @Nullable Buffer count,
      @Nullable Buffer tape,
      Buffer y) {
    this(
        shape,
        rows,
        mode,
        firstMember,
        memberCount,
        Precision.FP32,
        x,
        parameters,
        offsets,
        count,
        tape,
        y);
  }

  @Override
  public Op op() {
    return Op.MLP_FORWARD;
  }

  /** Of the parameter vector only the members that run count. */
  @Override
  public double bytes() {
    double idle = 1 - (double) memberCount / shape.members();
    return Operation.super.bytes() - 4 * idle * parameters.words();
  }

  @Override
  public double flops() {
    return shape.flopsPerRow() * rows * mode.outputMatrices(memberCount);
  }
}
