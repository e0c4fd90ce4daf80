package mpdp.train;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.agent.Agent;
import mpdp.backend.Backend;
import mpdp.checkpoint.AgentHeader;
import mpdp.checkpoint.Checkpoint;
import mpdp.checkpoint.CheckpointFolder;
import mpdp.checkpoint.RestoreVisitor;
import mpdp.checkpoint.SaveVisitor;
import mpdp.env.Tasks;
import mpdp.env.VectorEnvironment;
import mpdp.plan.PolicyRunner;
import mpdp.random.RandomStream;
import mpdp.settings.Settings;
import mpdp.tensor.StateVisitor;
import mpdp.train.PhaseClock.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The loop (Algorithm 2 of the paper): act with pi_0 in the real task, store the transition, train
 * the ensemble now and then, update the agent. With {@code train.overlap} the agent learns while
 * the task steps, and the transition is stored after both. Everything that the future depends on is
 * in a checkpoint, so a run that is killed and resumed ends with the same bits.
 */
public final class Trainer implements AutoCloseable {
  private static final int STREAM_EXPLORE = 2;
  private static final String DRAWS_KEY = "draws";

  /** How draws are numbered: by the root of a rollout's row. */
  private static final String DRAWS = "root";

  private static final long EVALUATION_SEED = 0x6576616C;

  private final Settings settings;
  private final TrainListener listener;
  private final VectorEnvironment environment;
  private final VectorEnvironment evaluationEnvironment;
  private final Agent agent;
  private final PolicyRunner actor;
  private final PolicyRunner evaluationActor;
  private final RandomStream explore;
  private final MemorySegment previous;
  private final EpisodeLog episodes;
  private final Scores scores = new Scores();
  private final PhaseClock clock;
  private final @Nullable BackgroundStep background;
  private final long started = System.nanoTime();
  private volatile boolean stopRequested;

  private long step;
  private double updateCredit;
  private long updatesInWindow;
  private long stepsInWindow;

  private Trainer(Settings settings, Backend backend, TrainListener listener) {
    this.settings = settings;
    this.listener = listener;
    int count = settings.train().environments();
    long seed = settings.train().seed();
    this.environment = createTask(count);
    this.evaluationEnvironment = createTask(settings.train().evaluationEpisodes());
    this.agent = Agent.create(backend, settings, environment.spec());
    this.actor = agent.controller(count, false);
    this.evaluationActor = agent.controller(settings.train().evaluationEpisodes(), true);
    this.explore = new RandomStream(seed, STREAM_EXPLORE);
    this.episodes = new EpisodeLog(count);
    this.previous = Arena.ofAuto().allocate(environment.observations().byteSize(), 64);
    environment.reset(seed);
    this.clock =
        new PhaseClock(
            backend::busyNanos, () -> environment.stepNanos() + evaluationEnvironment.stepNanos());
    this.background =
        settings.train().overlap() ? new BackgroundStep(environment::step, clock) : null;
  }

  /** A fresh run of the settings' task and algorithm. */
  public static Trainer create(Settings settings, Backend backend, TrainListener listener) {
    return new Trainer(settings, backend, listener);
  }

  private VectorEnvironment createTask(int count) {
    return Tasks.create(
        settings.task().id(), TrainTasks.options(settings), count, TrainTasks.threads(settings));
  }

  /** Environment steps taken since the run began. */
  public long step() {
    return step;
  }

  /** Asks {@link #run} to finish its step, write a checkpoint and return; from any thread. */
  public void stop() {
    stopRequested = true;
  }

  /** Trains up to the last step, or until stopped, and writes checkpoints into {@code folder}. */
  public void run(Path folder) {
    long last = settings.train().steps();
    long saved = -1;
    while (step < last && !stopRequested) {
      long before = step;
      advance(before, before + environment.count());
      stepsInWindow += step - before;
      boolean evaluates = step >= last || crosses(before, settings.train().evaluationInterval());
      if (evaluates) {
        clock.time(Phase.EVALUATE, this::evaluate);
      }
      if (evaluates || crosses(before, settings.train().logInterval())) {
        report();
      }
      if (crosses(before, settings.train().checkpointInterval())) {
        clock.time(Phase.SAVE, () -> save(folder));
        saved = step;
      }
      listener.progress(step);
    }
    if (saved != step) {
      save(folder);
    }
  }

  private boolean crosses(long before, long interval) {
    return crosses(before, step, interval);
  }

  private static boolean crosses(long before, long after, long interval) {
    return interval > 0 && after / interval > before / interval;
  }

  /** One step of the task and what is learned at it. */
  private void advance(long before, long after) {
    act();
    if (background != null && learns(after)) {
      background.during(() -> learn(before, after));
      store();
    } else {
      clock.time(Phase.ENVIRONMENT, environment::step);
      store();
      if (learns(after)) {
        learn(before, after);
      }
    }
    step = after;
  }

  private void act() {
    MemorySegment.copy(environment.observations(), 0, previous, 0, previous.byteSize());
    if (step < settings.train().randomSteps()) {
      MemorySegment actions = environment.actions();
      for (long i = 0; i < actions.byteSize() / Float.BYTES; i++) {
        actions.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (2 * explore.nextDouble() - 1));
      }
    } else {
      clock.time(Phase.ACT, () -> actor.act(environment.observations(), environment.actions()));
    }
  }

  private void store() {
    long stateBytes = 4L * environment.spec().observationSize();
    long actionBytes = 4L * environment.spec().actionSize();
    for (int i = 0; i < environment.count(); i++) {
      float reward = environment.rewards().getAtIndex(ValueLayout.JAVA_FLOAT, i);
      boolean terminated = environment.terminated().get(ValueLayout.JAVA_BYTE, i) != 0;
      boolean truncated = environment.truncated().get(ValueLayout.JAVA_BYTE, i) != 0;
      if (environment.failed().get(ValueLayout.JAVA_BYTE, i) == 0) {
        agent
            .replay()
            .add(
                previous.asSlice(i * stateBytes, stateBytes),
                environment.actions().asSlice(i * actionBytes, actionBytes),
                reward,
                environment.nextObservations().asSlice(i * stateBytes, stateBytes),
                terminated);
      }
      episodes.add(i, reward, terminated || truncated);
    }
  }

  /** Whether there is something to learn from, and the random steps are over. */
  private boolean learns(long after) {
    return after >= settings.train().randomSteps() && agent.replay().size() > 0;
  }

  private void learn(long before, long after) {
    boolean first = before < settings.train().randomSteps();
    if (first || crosses(before, after, settings.model().interval())) {
      clock.time(Phase.MODEL, this::trainModel);
    }
    updateCredit += settings.train().updatesPerStep() * (after - before);
    clock.time(Phase.UPDATE, this::update);
  }

  private void update() {
    while (updateCredit >= 1) {
      agent.update();
      updateCredit--;
      updatesInWindow++;
    }
  }

  private void trainModel() {
    scores.trained(agent.learnModel());
  }

  private void evaluate() {
    scores.evaluated(
        step, Evaluator.run(evaluationEnvironment, evaluationActor::act, EVALUATION_SEED));
  }

  private void report() {
    SequencedMap<String, Double> row = new LinkedHashMap<>();
    PhaseClock.Window window = clock.next();
    row.put("wall_s", (System.nanoTime() - started) * 1e-9);
    row.put("train_return", episodes.drainMean());
    scores.put(row, step);
    row.putAll(agent.metrics());
    row.put("blow_ups", (double) environment.failures());
    row.put("env_steps_per_s", stepsInWindow / window.seconds());
    row.put("updates_per_s", updatesInWindow / window.seconds());
    row.putAll(window.shares());
    listener.row(step, row);
    stepsInWindow = 0;
    updatesInWindow = 0;
  }

  /** Visits what the loop itself must remember. */
  private void visitProgress(StateVisitor visitor) {
    visitor.number("step", () -> step, value -> step = value);
    visitor.number("explore", explore::position, explore::position);
    scores.visit(visitor);
    double[] credit = {updateCredit};
    visitor.doubles("update_credit", credit);
    updateCredit = credit[0];
    episodes.visit(visitor.within("episodes"));
  }

  private void visit(StateVisitor visitor) {
    visitProgress(visitor.within("trainer"));
    agent.visit(visitor.within(AgentHeader.PREFIX));
    agent.replay().visit(visitor.within("replay"));
    actor.visit(visitor.within("actor"));
  }

  private void save(Path folder) {
    try (Arena arena = Arena.ofShared()) {
      Checkpoint checkpoint = new Checkpoint();
      visit(new SaveVisitor(checkpoint, arena));
      byte[] tasks = environment.saveState();
      checkpoint.add("environment", new long[] {tasks.length}, tasks);
      agent.header().put(checkpoint);
      checkpoint.put("task", settings.task().id());
      checkpoint.put("step", Long.toString(step));
      checkpoint.put(DRAWS_KEY, DRAWS);
      Path file = new CheckpointFolder(folder).write(step, checkpoint);
      listener.checkpoint(file, step);
    }
  }

  /**
   * Continues from a checkpoint of the same settings.
   *
   * @throws MpdpException if it is damaged, does not fit, or was written when draws had another
   *     numbering
   */
  public void restore(Path file) {
    Checkpoint checkpoint = Checkpoint.read(file);
    if (!DRAWS.equals(checkpoint.metadata().get(DRAWS_KEY))) {
      throw new MpdpException(
          file
              + " was written when random draws had another numbering, so its run cannot go on to"
              + " the same bits: evaluate it, or train anew");
    }
    visit(new RestoreVisitor(checkpoint));
    environment.restoreState(checkpoint.bytes("environment"));
  }

  @Override
  public void close() {
    if (background != null) {
      background.close();
    }
    evaluationActor.close();
    actor.close();
    agent.close();
    evaluationEnvironment.close();
    environment.close();
  }
}
