package mpdp.env;

import java.lang.foreign.MemorySegment;

/**
 * A batch of copies of one task that are stepped together and reset themselves. The segments keep
 * their addresses for life, row-major with one row for each copy, aligned to 64 bytes. Not safe for
 * use by several threads at once.
 */
public interface VectorEnvironment extends AutoCloseable {
  TaskSpec spec();

  /** How many copies there are. */
  int count();

  /** Starts every copy afresh; the same seed gives the same episodes for the same actions. */
  void reset(long seed);

  /** (count, actionSize) float32 in (-1, 1), filled by the caller before each step. */
  MemorySegment actions();

  /** Takes one step with every copy; those that ended are reset. */
  void step();

  /** (count, observationSize) float32: what to act on next, after any reset. */
  MemorySegment observations();

  /** (count, observationSize) float32: what the last step led to, before any reset. */
  MemorySegment nextObservations();

  /** (count) float32. */
  MemorySegment rewards();

  /** (count) bytes: 1 where the last step ended the episode for good. */
  MemorySegment terminated();

  /**
   * (count) bytes: 1 where the last step ran into the time limit or failed; never with terminated.
   */
  MemorySegment truncated();

  /**
   * (count) bytes: 1 where the simulation failed in the last step. The episode ends as truncated,
   * the reward is 0 and the next observation repeats the one before: do not learn from this
   * transition.
   */
  MemorySegment failed();

  /** How many steps have failed, those before a saved state too. */
  long failures();

  /** Nanoseconds spent stepping the simulator since creation, resets and copies left out. */
  long stepNanos();

  /**
   * What one copy looks like now, for pictures: (capsules, 7), each the two ends of its axis in
   * metres (x forward, z up) and its radius. A sphere has equal ends. The ground is not among them.
   */
  double[] capsules(int index);

  /** Everything that the future depends on. */
  byte[] saveState();

  /**
   * Continues, bit for bit, from what {@link #saveState} gave for the same task and count.
   *
   * @throws mpdp.MpdpException if the state is of another task or count, or damaged
   */
  void restoreState(byte[] state);

  @Override
  void close();
}
