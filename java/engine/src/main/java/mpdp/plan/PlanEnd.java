package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.Fill;
import mpdp.rollout.RolloutEnds;
import mpdp.rollout.RolloutTail;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Where a planner's rollouts end and what they were worth: with a {@link RolloutTail} the last
 * state is valued, without one rewards are all.
 *
 * @param objective (rows)
 */
record PlanEnd(int rows, Buffer objective, RolloutEnds ends, @Nullable RolloutTail tail) {

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
      return new PlanEnd(rows, tail.objective(), tail.ends(), tail);
    }
    return new PlanEnd(rows, arena.allocate(rows), RolloutEnds.in(arena, rows, state), null);
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
