package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * Mean and standard deviation over the replay ring's rows: of (state, action) and, when targets, of
 * (next - state, reward). A standard deviation below 1e-6 counts as 1. Sums are accumulated in
 * double.
 *
 * @param size transitions present (int32, at least 1)
 * @param inputMean (states + actions)
 * @param inputInvStd (states + actions), 1 / standard deviation
 * @param outputMean (states + 1), written when targets
 * @param outputScale (states + 1), written when targets
 */
public record ReplayMoments(
    int states,
    int actions,
    boolean targets,
    @In Buffer columns,
    @In Buffer size,
    @Out Buffer inputMean,
    @Out Buffer inputInvStd,
    @InOut Buffer outputMean,
    @InOut Buffer outputScale)
    implements Operation {

  public ReplayMoments {
    Operation.need("size", size, 1);
    Operation.need("inputMean", inputMean, states + actions);
    Operation.need("inputInvStd", inputInvStd, states + actions);
    Operation.need("outputMean", outputMean, states + 1);
    Operation.need("outputScale", outputScale, states + 1);
  }

  @Override
  public Op op() {
    return Op.REPLAY_MOMENTS;
  }

  @Override
  public double flops() {
    return 4.0 * columns.words();
  }
}
