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
 * @param terminated (rows): 1 where the next state is terminal
 */
record Batch(
    int rows,
    Buffer index,
    Buffer state,
    Buffer action,
    Buffer reward,
    Buffer next,
    Buffer terminated) {

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
            replay.ring(),
            replay.deviceSize(),
            random,
            index,
            state,
            action,
            reward,
            next,
            terminated));
  }
}
