package mpdp.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.Copy;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.ModelGather;
import mpdp.backend.op.ReplayMoments;
import mpdp.backend.op.RowMode;
import mpdp.model.DynamicsEnsemble;
import mpdp.model.Normalizer;
import mpdp.nn.MlpPass;
import mpdp.nn.Optimizer;
import mpdp.nn.Scratch;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.ModelSettings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * Trains the ensemble on all real data: every member on its own bootstrap resample, with a holdout
 * that decides when to stop, which weights of each member to keep and which members are elites.
 */
public final class ModelTrainer implements AutoCloseable {
  private static final int SITE_GATHER = 0;
  private static final int HOLDOUT_ROWS = 1024;
  private static final int HOLDOUT_CHUNKS = 5;
  private static final float BOUNDS_WEIGHT = 0.01f;

  /** Steps between two looks at the holdout at least: an epoch of little data is very short. */
  private static final int SHORTEST_EPOCH = 50;

  /**
   * What one training did.
   *
   * @param epochs looks at the holdout
   * @param steps gradient steps
   * @param holdoutError mean squared error on the holdout, mean over the elites
   * @param holdoutLoss negative log-likelihood on the holdout, mean over the elites
   */
  public record Report(int epochs, int steps, double holdoutError, double holdoutLoss) {}

  private final ModelSettings settings;
  private final DynamicsEnsemble model;
  private final ReplayBuffer replay;
  private final TensorArena arena;
  private final Optimizer optimizer;
  private final RandomState random;
  private final Buffer control;
  private final Buffer best;
  private final Program moments;
  private final Program step;
  private final Holdout holdout;
  private final List<Program> keep = new ArrayList<>();
  private final List<Program> restore = new ArrayList<>();
  private int generation;

  ModelTrainer(
      Backend backend,
      ModelSettings settings,
      DynamicsEnsemble model,
      ReplayBuffer replay,
      long seed) {
    this.settings = settings;
    this.model = model;
    this.replay = replay;
    this.arena = backend.arena("model training");
    this.optimizer = new Optimizer(arena, model.network());
    this.random = new RandomState(arena, seed, 2);
    this.control = arena.allocate(2);
    this.best = arena.allocate(model.network().parameters().words());
    this.moments = backend.record("model moments", this::recordMoments);
    this.step = backend.record("model step", this::recordStep);
    this.holdout = new Holdout(backend);
    Buffer parameters = model.network().parameters();
    for (int member = 0; member < model.members(); member++) {
      int m = member;
      keep.add(backend.record("keep member", r -> recordCopy(r, m, parameters, best)));
      restore.add(backend.record("restore member", r -> recordCopy(r, m, best, parameters)));
    }
  }

  private int fold() {
    return Math.max(2, (int) Math.round(1 / settings.holdout()));
  }

  private void recordMoments(Recorder recorder) {
    Normalizer n = model.normalizer();
    recorder.add(
        new ReplayMoments(
            model.states(),
            model.actions(),
            settings.normalizeTargets(),
            replay.columns(),
            replay.deviceSize(),
            n.inputMean(),
            n.inputInverse(),
            n.outputMean(),
            n.outputScale()));
  }

  private void recordGather(
      Recorder recorder, int members, int rows, Buffer x, Buffer target, Buffer present) {
    Normalizer n = model.normalizer();
    recorder.add(
        new ModelGather(
            members,
            rows,
            model.states(),
            model.actions(),
            fold(),
            SITE_GATHER,
            members == 1,
            replay.columns(),
            replay.deviceSize(),
            control,
            random.words(),
            n.inputMean(),
            n.inputInverse(),
            n.outputMean(),
            n.outputScale(),
            x,
            target,
            present));
  }

  private void recordStep(Recorder recorder) {
    MlpShape shape = model.network().shape();
    int rows = settings.batch();
    int members = model.members();
    Buffer x = arena.allocate((long) members * rows * shape.inputs());
    Buffer target = arena.allocate((long) members * rows * model.dimensions());
    Buffer present = arena.allocate(1);
    Scratch scratch = new Scratch(arena);
    MlpPass pass =
        MlpPass.differentiable(
            arena, shape, model.network().parameters(), RowMode.PRIVATE, rows);
    recordGather(recorder, members, rows, x, target, present);
    pass.forward(recorder, x, null);
    recorder.add(
        new GaussianNll(
            members,
            rows,
            model.dimensions(),
            true,
            BOUNDS_WEIGHT,
            pass.output(),
            target,
            model.bounds(),
            null,
            arena.allocate(members),
            arena.allocate(members),
            pass.outputGradient(),
            settings.boundsLearned() ? model.boundsGradient() : null));
    pass.backward(
        recorder,
        x,
        null,
        scratch.take(pass.scratchWords()),
        MlpPass.Gradients.ofParameters(model.network().gradients()));
    optimizer.stepWithDecay(recorder, settings.learningRate(), decay(shape.layers()));
    random.advance(recorder);
  }

  private List<Double> decay(int layers) {
    List<Double> decay = settings.weightDecay();
    return decay.size() == 1
        ? IntStream.rangeClosed(0, layers).mapToObj(layer -> decay.getFirst()).toList()
        : decay;
  }

  private void recordCopy(Recorder recorder, int member, Buffer from, Buffer to) {
    MlpShape shape = model.network().shape();
    for (int layer = 0; layer <= shape.layers(); layer++) {
      long weights = (long) shape.in(layer) * shape.out(layer);
      copy(recorder, shape.weights(layer) + member * weights, weights, from, to);
      long biases = shape.out(layer);
      copy(recorder, shape.bias(layer) + member * biases, biases, from, to);
    }
  }

  private static void copy(Recorder recorder, long at, long words, Buffer from, Buffer to) {
    recorder.add(new Copy(words, from.slice(at, words), to.slice(at, words)));
  }

  /** Updates the normaliser from all real data. */
  public void refreshNormalizer() {
    moments.run();
  }

  /** Trains until the holdout stops improving, or the settings' limits; picks the elites. */
  public Report train() {
    refreshNormalizer();
    generation++;
    int members = model.members();
    double[] bestError = new double[members];
    double[] bestLoss = new double[members];
    Arrays.fill(bestError, Double.POSITIVE_INFINITY);
    record(holdout.evaluate(), bestError, bestLoss);
    int trainingRows = replay.size() - replay.size() / fold();
    int epochSteps = Math.max(SHORTEST_EPOCH, (trainingRows - 1) / settings.batch() + 1);
    int steps = 0;
    int epochs = 0;
    int stale = 0;
    while (stale < settings.patience() && !finished(epochs, steps)) {
      int count = settings.maxSteps() > 0 ? Math.min(epochSteps, settings.maxSteps() - steps) : epochSteps;
      control.write(generation, 0);
      for (int i = 0; i < count; i++) {
        step.run();
      }
      steps += count;
      epochs++;
      stale = record(holdout.evaluate(), bestError, bestLoss) ? 0 : stale + 1;
    }
    restore.forEach(Program::run);
    return elect(epochs, steps, bestError, bestLoss);
  }

  private boolean finished(int epochs, int steps) {
    return (settings.maxEpochs() > 0 && epochs >= settings.maxEpochs())
        || (settings.maxSteps() > 0 && steps >= settings.maxSteps());
  }

  /** Keeps every member that improved by enough; true if any did. */
  private boolean record(Holdout.Result result, double[] bestError, double[] bestLoss) {
    boolean improved = false;
    for (int m = 0; m < bestError.length; m++) {
      double gain = (bestError[m] - result.error()[m]) / Math.abs(bestError[m]);
      if (Double.isInfinite(bestError[m]) || gain > settings.improvement()) {
        bestError[m] = result.error()[m];
        bestLoss[m] = result.loss()[m];
        keep.get(m).run();
        improved = true;
      }
    }
    return improved;
  }

  private Report elect(int epochs, int steps, double[] error, double[] loss) {
    int[] elites =
        IntStream.range(0, error.length)
            .boxed()
            .sorted(Comparator.comparingDouble(m -> error[m]))
            .limit(model.eliteCount())
            .mapToInt(Integer::intValue)
            .toArray();
    model.elites().write(elites);
    return new Report(
        epochs,
        steps,
        Arrays.stream(elites).mapToDouble(m -> error[m]).average().orElse(Double.NaN),
        Arrays.stream(elites).mapToDouble(m -> loss[m]).average().orElse(Double.NaN));
  }

  /** Visits what the next training depends on, besides the model and the data. */
  public void visit(StateVisitor visitor) {
    optimizer.visit(visitor);
    random.visit(visitor);
    visitor.integers("control", control);
    generation = control.getInt(0);
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Errors of every member on the holdout rows, a chunk at a time. */
  private final class Holdout {
    private final Buffer present = arena.allocate(1);
    private final Buffer loss = arena.allocate(model.members());
    private final Buffer error = arena.allocate(model.members());
    private final Program program;

    /** Mean squared error and negative log-likelihood of each member. */
    record Result(double[] error, double[] loss) {}

    Holdout(Backend backend) {
      program = backend.record("model holdout", this::record);
    }

    private void record(Recorder recorder) {
      MlpShape shape = model.network().shape();
      Buffer x = arena.allocate((long) HOLDOUT_ROWS * shape.inputs());
      Buffer target = arena.allocate((long) HOLDOUT_ROWS * model.dimensions());
      MlpPass pass =
          MlpPass.inference(
              arena, shape, model.network().parameters(), RowMode.SHARED, HOLDOUT_ROWS);
      recordGather(recorder, 1, HOLDOUT_ROWS, x, target, present);
      pass.forward(recorder, x, present);
      recorder.add(
          new GaussianNll(
              model.members(),
              HOLDOUT_ROWS,
              model.dimensions(),
              false,
              BOUNDS_WEIGHT,
              pass.output(),
              target,
              model.bounds(),
              present,
              loss,
              error,
              null,
              null));
    }

    Result evaluate() {
      double[] errors = new double[model.members()];
      double[] losses = new double[model.members()];
      long total = 0;
      for (int chunk = 0; chunk < HOLDOUT_CHUNKS; chunk++) {
        control.write(generation, chunk);
        program.run();
        int rows = present.getInt(0);
        float[] chunkErrors = error.floats();
        float[] chunkLosses = loss.floats();
        for (int m = 0; m < errors.length && rows > 0; m++) {
          errors[m] += (double) rows * chunkErrors[m];
          losses[m] += (double) rows * chunkLosses[m];
        }
        total += rows;
        if (rows < HOLDOUT_ROWS) {
          break;
        }
      }
      for (int m = 0; m < errors.length; m++) {
        errors[m] /= Math.max(total, 1);
        losses[m] /= Math.max(total, 1);
      }
      return new Result(errors, losses);
    }
  }
}
