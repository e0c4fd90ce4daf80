package mpdp.env;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import mpdp.random.RandomStream;

/**
 * The dynamics of a batch of copies, without episodes: {@link AutoresetEnvironment} adds time
 * limits, resets and buffers. Segments are laid out as in {@link VectorEnvironment}.
 */
public interface BatchSimulator extends AutoCloseable {
  TaskSpec spec();

  int count();

  /** Puts one copy into a fresh start state and writes its observation (observationSize). */
  void reset(int index, RandomStream random, MemorySegment observation);

  /** Steps every copy; writes 1 into {@code failed} where the simulation failed. */
  void step(
      MemorySegment actions,
      MemorySegment observations,
      MemorySegment rewards,
      MemorySegment terminated,
      MemorySegment failed);

  /** Why the last step of a copy failed, for a log line. */
  String failure(int index);

  /** What one copy looks like now; see {@link VectorEnvironment#capsules}. */
  double[] capsules(int index);

  /** How many bytes {@link #save} writes. */
  int stateBytes();

  void save(ByteBuffer out);

  void restore(ByteBuffer in);

  @Override
  void close();
}
