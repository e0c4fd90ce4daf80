package mpdp.plan;

import java.nio.file.Path;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.backend.Program;
import mpdp.backend.op.Draws;
import mpdp.checkpoint.Checkpoint;
import mpdp.nn.PolicyPass;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * The policy of a trained run alone, acting with its mean: one network, a few microseconds. Not
 * safe for use by several threads at once.
 */
public final class Policy implements AutoCloseable {
  private final Backend backend;
  private final TensorArena arena;
  private final Buffer state;
  private final PolicyPass pass;
  private final Program program;
  private final HostVector observation;
  private final HostVector action;

  private Policy(Backend backend, TensorArena arena, SavedAgent agent) {
    this.backend = backend;
    this.arena = arena;
    this.state = arena.allocate(agent.header().states());
    this.pass = PolicyPass.inference(arena, agent.policy(), 0, 1, 0, true);
    this.observation = new HostVector("observation", agent.header().states());
    this.action = new HostVector("action", agent.header().actions());
    Buffer random = arena.allocate(Draws.WORDS);
    this.program = backend.record("act", r -> pass.forward(r, state, random, null));
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
    TensorArena arena = backend.arena("policy");
    try {
      return new Policy(backend, arena, new SavedAgent(arena, checkpoint));
    } catch (RuntimeException | Error failure) {
      arena.close();
      backend.close();
      throw failure;
    }
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
    this.observation.write(observation, state);
    program.run();
    action.read(pass.action(), result);
  }

  @Override
  public void close() {
    program.close();
    arena.close();
    backend.close();
  }
}
