package mpdp.agent;

import java.lang.foreign.MemorySegment;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.PolicyPass;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/** pi_0 acting in a task: observations in, actions out, one recorded program. */
public final class Actor implements AutoCloseable {
  private final TensorArena arena;
  private final Buffer state;
  private final PolicyPass policy;
  private final RandomState random;
  private final Program program;

  /**
   * @param rows environments that act together
   * @param deterministic act with the mean
   * @param purpose tells this actor's random stream from others of the same seed
   */
  Actor(
      Backend backend,
      PolicyNetwork policies,
      int rows,
      boolean deterministic,
      long seed,
      int purpose) {
    arena = backend.arena("actor");
    state = arena.allocate((long) rows * policies.states());
    random = new RandomState(arena, seed, purpose);
    policy = PolicyPass.inference(arena, policies, 0, rows, 0, deterministic);
    program =
        backend.record(
            "act",
            recorder -> {
              policy.forward(recorder, state, random.words(), null);
              random.advance(recorder);
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
