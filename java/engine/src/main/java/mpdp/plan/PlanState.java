package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Draws;
import mpdp.backend.op.Fill;
import mpdp.random.RandomState;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/** What a planner's program reads, writes and remembers: the observation, the plan, the draws. */
final class PlanState {
  private final long words;
  private final int actions;
  private final Buffer shifted;

  /** (states). */
  final Buffer observation;

  /** (horizon, actions): the plan; its first step is the action to take. */
  final Buffer mean;

  /** (horizon, actions). */
  final Buffer deviation;

  /** See {@link Draws}. */
  final Buffer random;

  PlanState(TensorArena arena, PlanModel model, int horizon, long seed) {
    this.words = (long) horizon * model.actions();
    this.actions = model.actions();
    this.shifted = arena.allocate(words);
    this.observation = arena.allocate(model.states());
    this.mean = arena.allocate(words);
    this.deviation = arena.allocate(words);
    this.random = new RandomState(arena, seed, RandomState.Purpose.EMBEDDED).words();
  }

  /** Begins where the last plan goes on after its first step; its new last step is 0. */
  void shift(Recorder recorder, double initialDeviation) {
    long rest = words - actions;
    if (rest > 0) {
      recorder.add(new Copy(rest, mean.slice(actions, rest), shifted));
    }
    recorder.add(new Fill(actions, 0, shifted.slice(rest, actions)));
    recorder.add(new Copy(words, shifted, mean));
    recorder.add(new Fill(words, (float) initialDeviation, deviation));
  }

  /** Moves on to new draws. */
  void advance(Recorder recorder) {
    recorder.add(new Advance(random));
  }
}
