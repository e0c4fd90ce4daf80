package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.Fill;
import mpdp.rollout.RolloutTail;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Where a planner's rollouts end and what they were worth: with a {@link RolloutTail} the last
 * state is valued, without one rewards are all.
 *
 * @param objective (rows)
 * @param state (rows, states): last states
 * @param weight (rows): g^H, or 0 after a terminal state
 * @param length (rows): steps taken
 */
record PlanEnd(
    int rows,
    Buffer objective,
    Buffer state,
    Buffer weight,
    Buffer length,
    @Nullable RolloutTail tail) {

  /**
   * @param state (rows, states): memory of the last states
   * @param site draw site of the tail's action
   */
  static PlanEnd of(
      TensorArena arena, PlanModel model, int rows, Buffer state, boolean valued, int site) {
    if (valued && model.policy() != null && model.critics() != null) {
      // Entropy is no part of a plan's return: temperature 0.
      Buffer alpha = arena.allocate(1);
      RolloutTail tail =
          new RolloutTail(arena, rows, state, model.policy(), model.critics(), alpha, site);
      return new PlanEnd(rows, tail.objective(), state, tail.weight(), tail.length(), tail);
    }
    Buffer objective = arena.allocate(rows);
    return new PlanEnd(rows, objective, state, arena.allocate(rows), arena.allocate(rows), null);
  }

  /** Before the first step. */
  void begin(Recorder recorder) {
    recorder.add(new Fill(rows, 0, objective));
  }

  /** After the last step: adds the tail's value. */
  void finish(Recorder recorder, Buffer random) {
    if (tail != null) {
      tail.forward(recorder, random);
    }
  }
}
