package mpdp.agent;

import mpdp.backend.Recorder;
import mpdp.backend.op.ReplayGather;
import mpdp.replay.ReplayBuffer;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * A batch of real transitions on the device.
 *
 * @param state (rows, states)
 * @param action (rows, actions)
 * @param reward (rows)
 * @param next (rows, states)
 * @param done (rows)
 */
record Batch(
    int rows, Buffer index, Buffer state, Buffer action, Buffer reward, Buffer next, Buffer done) {

  static Batch of(TensorArena arena, int rows, int states, int actions) {
    return new Batch(
        rows,
        arena.allocate(rows),
        arena.allocate((long) rows * states),
        arena.allocate((long) rows * actions),
        arena.allocate(rows),
        arena.allocate((long) rows * states),
        arena.allocate(rows));
  }

  /** Draws the batch uniformly from the replay buffer. */
  void gather(
      Recorder recorder, ReplayBuffer replay, int states, int actions, Buffer random, int site) {
    recorder.add(
        new ReplayGather(
            rows,
            states,
            actions,
            site,
            replay.columns(),
            replay.deviceSize(),
            random,
            index,
            state,
            action,
            reward,
            next,
            done));
  }
}
