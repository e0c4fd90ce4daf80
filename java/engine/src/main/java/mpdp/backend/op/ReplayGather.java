package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * A uniform batch of transitions. Row index[i] = floor(word size / 2^32) with the word of element i
 * at site (see {@link Draws}).
 *
 * @param columns the replay ring (capacity, 2 states + actions + 2): state, action, reward, next
 *     state, terminated
 * @param size transitions present (int32, at least 1, at most the ring's capacity)
 * @param index int32 (rows): what was drawn
 */
public record ReplayGather(
    int rows,
    int states,
    int actions,
    int site,
    @In Buffer columns,
    @In Buffer size,
    @In Buffer random,
    @Out Buffer index,
    @Out Buffer state,
    @Out Buffer action,
    @Out Buffer reward,
    @Out Buffer next,
    @Out Buffer done)
    implements Operation {

  public ReplayGather {
    Operation.need("size", size, 1);
    Operation.need("random", random, Draws.WORDS);
    Operation.need("index", index, rows);
    Operation.need("state", state, (long) rows * states);
    Operation.need("action", action, (long) rows * actions);
    Operation.need("reward", reward, rows);
    Operation.need("next", next, (long) rows * states);
    Operation.need("done", done, rows);
  }

  @Override
  public Op op() {
    return Op.REPLAY_GATHER;
  }

  /** Of the replay ring only the rows drawn count. */
  @Override
  public double bytes() {
    double drawn = 4.0 * rows * (2 * states + actions + 2);
    return Operation.super.bytes() - 4.0 * columns.words() + drawn;
  }

  @Override
  public double flops() {
    return 0.0;
  }
}
