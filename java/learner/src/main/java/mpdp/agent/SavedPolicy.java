package mpdp.agent;

import java.lang.foreign.MemorySegment;
import mpdp.backend.Backend;
import mpdp.env.TaskSpec;
import mpdp.model.Normalizer;
import mpdp.nn.PolicyNetwork;
import mpdp.settings.Settings;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/** pi_0 of a saved agent, without what only training needs. */
public final class SavedPolicy implements AutoCloseable {
  private final TensorArena arena;
  private final Normalizer normalizer;
  private final PolicyNetwork policies;
  private final Actor actor;

  /**
   * A policy that acts with its mean for {@code rows} environments; {@link #visit} it with a
   * restoring visitor before use.
   */
  public SavedPolicy(Backend backend, Settings settings, TaskSpec task, int rows) {
    arena = backend.arena("policy");
    normalizer = Normalizer.identity(arena, task.observationSize(), task.actionSize());
    policies =
        Policies.create(arena, settings, task.observationSize(), task.actionSize(), normalizer);
    actor = new Actor(backend, policies, rows, true, 0, 0);
  }

  /** Visits the part of an agent's state that acting needs, under the agent's own names. */
  public void visit(StateVisitor visitor) {
    policies.network().visit(visitor.within("policies"));
    normalizer.visit(visitor.within("model"));
  }

  /** See {@link Actor#act}. */
  public void act(MemorySegment observations, MemorySegment actions) {
    actor.act(observations, actions);
  }

  @Override
  public void close() {
    actor.close();
    arena.close();
  }
}
