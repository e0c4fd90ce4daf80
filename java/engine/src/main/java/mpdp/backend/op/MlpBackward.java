package mpdp.backend.op;

import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Backward pass of {@link MlpForward}: from dy, which has the shape of y, to parameter gradients,
 * input gradients, or both. ROUTED rows have input gradients only.
 *
 * <p>dParameters has the layout of the parameter vector; only the blocks of the given members are
 * written, and never the padding between blocks. With no row present, parameter gradients are 0. dx
 * has the shape of x; with SHARED rows it is the sum over members.
 *
 * @param tape what the forward pass kept
 * @param offsets int32 (memberCount + 1), ROUTED only
 * @param count rows present (int32), not with ROUTED
 * @param scratch {@link MlpShape#scratchWords} of {@link RowMode#tapeMembers} words, contents
 *     undefined before and after
 * @param dParameters or null: no parameter gradients
 * @param accumulateParameters add to dParameters instead of overwriting
 * @param dx or null: no input gradients
 * @param accumulateInputs add to dx instead of overwriting
 */
public record MlpBackward(
    MlpShape shape,
    int rows,
    RowMode mode,
    int firstMember,
    int memberCount,
    boolean accumulateParameters,
    boolean accumulateInputs,
    @In Buffer x,
    @In Buffer parameters,
    @In Buffer tape,
    @In Buffer dy,
    @In @Nullable Buffer offsets,
    @In @Nullable Buffer count,
    @Out Buffer scratch,
    @InOut @Nullable Buffer dParameters,
    @InOut @Nullable Buffer dx)
    implements Operation {

  public MlpBackward {
    Operation.positive("rows", rows);
    RowMode.checkMembers(shape, firstMember, memberCount);
    RowMode.checkRouting(mode, offsets, count, memberCount);
    if (mode == RowMode.ROUTED && dParameters != null) {
      throw new IllegalArgumentException(
          "ROUTED rows have no parameter gradients: use PRIVATE rows, or leave dParameters out");
    }
    int matrices = mode.tapeMembers(memberCount);
    Operation.need("x", x, mode.inputMatrices(memberCount) * rows * shape.inputs());
    Operation.need("parameters", parameters, shape.parameterWords());
    Operation.need("tape", tape, shape.tapeWords(matrices, rows));
    Operation.need("dy", dy, (long) matrices * rows * shape.outputs());
    Operation.need("scratch", scratch, shape.scratchWords(matrices, rows));
    Operation.need("dParameters", dParameters, shape.parameterWords());
    Operation.need("dx", dx, mode.inputMatrices(memberCount) * rows * shape.inputs());
  }

  @Override
  public Op op() {
    return Op.MLP_BACKWARD;
  }

  /** Of the parameter vector and its gradients only the members that run count. */
  @Override
  public double bytes() {
    double idle = 1 - (double) memberCount / shape.members();
    double gradients = dParameters == null ? 0 : 8 * idle * dParameters.words();
    return Operation.super.bytes() - 4 * idle * parameters.words() - gradients;
  }

  @Override
  public double flops() {
    return shape.flopsPerRow()
        * rows
        * mode.outputMatrices(memberCount)
        * (dParameters == null ? 1 : dx == null ? 2 - firstLayerShare() : 2);
  }

  /** The share of the first layer: not propagated to the inputs when nobody asks. */
  private double firstLayerShare() {
    return 2.0 * shape.inputs() * shape.width() / shape.flopsPerRow();
  }
}
