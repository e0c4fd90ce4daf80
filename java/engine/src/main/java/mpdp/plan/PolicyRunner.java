package mpdp.plan;

import java.lang.foreign.MemorySegment;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.Advance;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.PolicyPass;
import mpdp.random.RandomState;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * pi_0 acting in a task: observations in, actions out, one recorded program. It reads the network's
 * weights at every call, so they may go on being trained.
 */
public final class PolicyRunner implements AutoCloseable {
  private final TensorArena arena;
  private final Buffer state;
  private final PolicyPass policy;
  private final RandomState random;
  private final Program program;

  /**
   * @param rows environments that act together
   * @param deterministic act with the mean
   * @param purpose tells this runner's draws from others of the same seed
   */
  public PolicyRunner(
      Backend backend,
      PolicyNetwork policies,
      int rows,
      boolean deterministic,
      long seed,
      RandomState.Purpose purpose) {
    arena = backend.arena("actor");
    state = arena.allocate((long) rows * policies.states());
    random = new RandomState(arena, seed, purpose);
    policy = PolicyPass.inference(arena, policies, 0, rows, 0, deterministic);
    program =
        backend.record(
            "act",
            recorder -> {
              policy.forward(recorder, state, random.words());
              recorder.add(new Advance(random.words()));
            });
  }

  /**
   * @param observations float32 (rows, states)
   * @param actions receives float32 (rows, actions) in (-1, 1)
   */
  public void act(MemorySegment observations, MemorySegment actions) {
    state.write(0, observations);
    program.run();
    policy.action().read(0, actions);
  }

  /** Where the observations of {@link #run} go (rows, states). */
  Buffer state() {
    return state;
  }

  /** Acts on {@link #state}. */
  void run() {
    program.run();
  }

  /** The actions of the last run (rows, actions). */
  Buffer action() {
    return policy.action();
  }

  /** Visits what the next action depends on, besides the policy. */
  public void visit(StateVisitor visitor) {
    random.visit(visitor);
  }

  @Override
  public void close() {
    program.close();
    arena.close();
  }
}
