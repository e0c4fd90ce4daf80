package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * Batches for the dynamics ensemble, straight from the replay ring. Ring rows i with i mod fold ==
 * fold - 1 are the holdout, all others the training rows: t-th training row = t + floor(t / (fold -
 * 1)), t-th holdout row = t fold + fold - 1.
 *
 * <p>Training (holdout false): member m's row i draws j = floor(word T / 2^32), T training rows,
 * with the word of element m rows + i at site; its bootstrap resample maps j to t = floor(w T /
 * 2^32) where w is the first word of the Philox block (j, site + 1, generation, m). x and target
 * are private: (members, rows, ...); present is rows, or 0 when T is 0, and then nothing else is
 * written.
 *
 * <p>Holdout: members is 1. Of the C holdout rows L = min(C, chunks rows) are looked at, spread
 * evenly over the ring: row i is holdout row floor((cursor rows + i) C / L). Rows from L on are
 * absent, and present receives how many there are (at least 0).
 *
 * <p>x = ((state, action) - inputMean) inputInvStd, target = ((next - state, reward) - outputMean)
 * / outputScale.
 *
 * @param chunks most holdout chunks of {@code rows} rows that are looked at
 * @param size transitions present in the ring (int32)
 * @param control int32 (generation, cursor)
 * @param present int32 (1)
 */
public record ModelGather(
    int members,
    int rows,
    int states,
    int actions,
    int fold,
    int site,
    boolean holdout,
    int chunks,
    @In Buffer columns,
    @In Buffer size,
    @In Buffer control,
    @In Buffer random,
    @In Buffer inputMean,
    @In Buffer inputInvStd,
    @In Buffer outputMean,
    @In Buffer outputScale,
    @Out Buffer x,
    @Out Buffer target,
    @Out Buffer present)
    implements Operation {

  public ModelGather {
    if (fold < 2 || chunks < 1 || (holdout && members != 1)) {
      throw new IllegalArgumentException(
          "fold must be at least 2, chunks at least 1, and the holdout is shared by all members");
    }
    Operation.need("size", size, 1);
    Operation.need("control", control, 2);
    Operation.need("random", random, Draws.WORDS);
    Operation.need("inputMean", inputMean, states + actions);
    Operation.need("inputInvStd", inputInvStd, states + actions);
    Operation.need("outputMean", outputMean, states + 1);
    Operation.need("outputScale", outputScale, states + 1);
    Operation.need("x", x, (long) members * rows * (states + actions));
    Operation.need("target", target, (long) members * rows * (states + 1));
    Operation.need("present", present, 1);
  }

  @Override
  public Op op() {
    return Op.MODEL_GATHER;
  }

  /** Of the replay ring only the rows drawn count. */
  @Override
  public double bytes() {
    double drawn = 4.0 * members * rows * (2 * states + actions + 2);
    return Operation.super.bytes() - 4.0 * columns.words() + drawn;
  }

  @Override
  public double flops() {
    return 2.0 * members * rows * (2.0 * states + actions + 1);
  }
}
