package mpdp.agent;

import mpdp.backend.Recorder;
import mpdp.backend.op.RestartStates;
import mpdp.rollout.Rollout;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * Where plans start when they start in imagined states: each row goes on from the first step of its
 * last plan, and begins anew from a real state after {@code horizon} steps on average, or where it
 * stopped.
 */
final class StartStates {
  private static final int SITE = 1;

  private final int rows;
  private final int states;
  private final int horizon;
  private final Batch batch;
  private final Buffer start;

  /**
   * @param horizon steps between two real states, on average
   * @param batch real states
   */
  StartStates(TensorArena arena, int states, int horizon, Batch batch) {
    this.rows = batch.rows();
    this.states = states;
    this.horizon = horizon;
    this.batch = batch;
    this.start = arena.allocate((long) rows * states);
  }

  /** (rows, states). */
  Buffer states() {
    return start;
  }

  /** Fills {@link #states} from the last plans and the batch. */
  void record(Recorder recorder, Rollout rollout, Buffer random) {
    recorder.add(
        new RestartStates(
            rows,
            states,
            SITE,
            1f / horizon,
            rollout.step(0).child(),
            rollout.step(0).next(),
            batch.state(),
            random,
            start));
  }

  /** Visits what the next start states depend on. */
  void visit(StateVisitor visitor, Rollout rollout) {
    visitor.integers("child", rollout.step(0).child());
    visitor.floats("next", rollout.step(0).next());
  }
}
