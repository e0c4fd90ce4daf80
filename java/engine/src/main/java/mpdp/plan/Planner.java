package mpdp.plan;

import java.nio.file.Path;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.checkpoint.Checkpoint;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Model-predictive control: for every observation it searches through the learned model for a good
 * sequence of actions and gives the first one. A whole plan is one recorded program, so planning
 * needs no allocation. Each plan starts from the one before; {@link #reset} forgets it where an
 * episode begins. Equal seeds and observations give equal actions. Not safe for use by several
 * threads at once.
 */
public final class Planner implements AutoCloseable {
  private final @Nullable Backend ownBackend;
  private final @Nullable TensorArena ownNetworks;
  private final TensorArena arena;
  private final PlanState state;
  private final Program program;
  private final HostVector observation;
  private final HostVector action;
  private final HostVector memory;

  private Planner(
      Backend backend,
      PlanModel model,
      Search search,
      long seed,
      @Nullable Backend ownBackend,
      @Nullable TensorArena ownNetworks) {
    this.ownBackend = ownBackend;
    this.ownNetworks = ownNetworks;
    this.arena = backend.arena("planner");
    this.state = new PlanState(arena, model, search.horizon(), seed);
    this.program = backend.record("plan", recorder -> record(recorder, model, search));
    this.observation = new HostVector("observation", model.states());
    this.action = new HostVector("action", model.actions());
    this.memory = new HostVector("memory", search.horizon() * model.actions());
  }

  private void record(Recorder recorder, PlanModel model, Search search) {
    switch (search) {
      case CrossEntropy cem ->
          new SampledSearch(arena, model, cem.sampling(), state).record(recorder);
      case PathIntegral mppi ->
          new SampledSearch(arena, model, mppi.sampling(), state).record(recorder);
      case GradientAscent ascent ->
          new GradientSearch(arena, model, ascent, state).record(recorder);
    }
  }

  /**
   * A planner of a trained run, on a back end of its own.
   *
   * @param run a run folder, whose latest checkpoint is taken, or a checkpoint file
   * @throws mpdp.MpdpException in one line, if there is no checkpoint, it is damaged, its agent has
   *     no trained model, or the back end cannot run here
   */
  public static Planner load(Path run, PlannerOptions options) {
    Checkpoint checkpoint = Checkpoint.latest(run);
    Backend backend = Backends.open(options.backend(), options.threads());
    try {
      return load(backend, checkpoint, options, backend);
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  /**
   * A planner of a checkpoint on a back end that the caller closes after it.
   *
   * @throws mpdp.MpdpException in one line, if the checkpoint has no trained model or lacks what a
   *     planner needs
   */
  public static Planner load(Backend backend, Checkpoint checkpoint, Search search, long seed) {
    return load(backend, checkpoint, PlannerOptions.defaults().with(search).withSeed(seed), null);
  }

  private static Planner load(
      Backend backend, Checkpoint checkpoint, PlannerOptions options, @Nullable Backend own) {
    TensorArena networks = backend.arena("planned agent");
    try {
      PlanModel model = new SavedAgent(networks, checkpoint).planModel();
      model.dynamics().predictIn(options.precision());
      return new Planner(backend, model, options.search(), options.seed(), own, networks);
    } catch (RuntimeException | Error failure) {
      networks.close();
      throw failure;
    }
  }

  /**
   * A planner with networks that the caller owns, and closes after it.
   *
   * @param backend where the networks' memory is
   */
  public static Planner of(Backend backend, PlanModel model, Search search, long seed) {
    return new Planner(backend, model, search, seed, null, null);
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
   * @return (actionSize), each in [-1, 1]
   * @throws IllegalArgumentException if the observation has another length or is not finite
   */
  public float[] plan(float[] observation) {
    float[] result = new float[action.size()];
    plan(observation, result);
    return result;
  }

  /**
   * As {@link #plan(float[])}, without any allocation.
   *
   * @param result receives the action (actionSize)
   */
  public void plan(float[] observation, float[] result) {
    action.checkLength(result);
    this.observation.write(observation, state.observation);
    program.run();
    action.read(state.mean, result);
  }

  /** Forgets the last plan: to be called where an episode begins. */
  public void reset() {
    restore(new float[memory.size()]);
  }

  /** Numbers in what a planner remembers from one plan to the next. */
  public int memorySize() {
    return memory.size();
  }

  /**
   * Copies what it remembers, so that several episodes can take turns on one planner.
   *
   * @param target (memorySize)
   */
  public void save(float[] target) {
    memory.checkLength(target);
    memory.read(state.mean, target);
  }

  /**
   * Goes on from what {@link #save} gave.
   *
   * @param source (memorySize); zeros are a fresh start
   */
  public void restore(float[] source) {
    memory.write(source, state.mean);
  }

  @Override
  public void close() {
    program.close();
    arena.close();
    if (ownNetworks != null) {
      ownNetworks.close();
    }
    if (ownBackend != null) {
      ownBackend.close();
    }
  }
}
