package mpdp.plan;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.checkpoint.Checkpoint;
import mpdp.random.RandomState;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * The policy of a trained run alone, acting with its mean: one network, a few microseconds. Not
 * safe for use by several threads at once.
 */
public final class Policy implements AutoCloseable {
  private final @Nullable Backend ownBackend;
  private final TensorArena arena;
  private final PolicyRunner runner;
  private final HostVector observation;
  private final HostVector action;

  private Policy(Backend backend, Checkpoint checkpoint, int rows, @Nullable Backend ownBackend) {
    this.ownBackend = ownBackend;
    this.arena = backend.arena("policy");
    try {
      SavedAgent agent = new SavedAgent(arena, checkpoint);
      this.runner =
          new PolicyRunner(backend, agent.policy(), rows, true, 0, RandomState.Purpose.EMBEDDED);
      this.observation = new HostVector("observation", agent.header().task().states());
      this.action = new HostVector("action", agent.header().task().actions());
    } catch (RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  /**
   * The policy of a run's latest checkpoint, on a back end of its own.
   *
   * @param run a run folder or a checkpoint file
   * @param backendName a name of {@link Backends#names}
   * @param threads worker threads, 0 for one per core
   * @throws mpdp.MpdpException in one line, if there is no checkpoint, it is damaged, or the back
   *     end cannot run here
   */
  public static Policy load(Path run, String backendName, int threads) {
    Checkpoint checkpoint = Checkpoint.latest(run);
    Backend backend = Backends.open(backendName, threads);
    try {
      return new Policy(backend, checkpoint, 1, backend);
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  /**
   * The policy of a checkpoint for {@code rows} environments at once, on a back end that the caller
   * closes after it.
   *
   * @throws mpdp.MpdpException in one line, if the checkpoint does not say how its agent is built
   */
  public static Policy load(Backend backend, Checkpoint checkpoint, int rows) {
    return new Policy(backend, checkpoint, rows, null);
  }

  /** Numbers in an observation. */
  public int observationSize() {
    return observation.size();
  }

  /** Numbers in an action. */
  public int actionSize() {
    return action.size();
  }

  /**
   * The action to take, in a new array.
   *
   * @param observation (observationSize)
   * @return (actionSize), each in (-1, 1)
   * @throws IllegalArgumentException if the observation has another length or is not finite
   */
  public float[] act(float[] observation) {
    float[] result = new float[action.size()];
    act(observation, result);
    return result;
  }

  /**
   * As {@link #act(float[])}, without any allocation.
   *
   * @param result receives the action (actionSize)
   */
  public void act(float[] observation, float[] result) {
    action.checkLength(result);
    this.observation.write(observation, runner.state());
    runner.run();
    action.read(runner.action(), result);
  }

  /**
   * The actions of all environments.
   *
   * @param observations float32 (rows, observationSize)
   * @param actions receives float32 (rows, actionSize) in (-1, 1)
   */
  public void act(MemorySegment observations, MemorySegment actions) {
    runner.act(observations, actions);
  }

  @Override
  public void close() {
    runner.close();
    arena.close();
    if (ownBackend != null) {
      ownBackend.close();
    }
  }
}
