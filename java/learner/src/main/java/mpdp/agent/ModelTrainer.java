package mpdp.agent;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.Advance;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.MlpShape;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.MlpPass;
import mpdp.nn.Optimizer;
import mpdp.nn.Scratch;
import mpdp.random.RandomState;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.HoldoutLoss;
import mpdp.settings.ModelSettings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Trains the ensemble on all real data: every member on its own bootstrap resample, with a holdout
 * that decides when to stop, which weights of each member to keep and which members are elites.
 */
public final class ModelTrainer implements AutoCloseable {
  private static final float BOUNDS_WEIGHT = 0.01f;

  /** Steps between two looks at the holdout at least: an epoch of little data is very short. */
  private static final int SHORTEST_EPOCH = 50;

  private final ModelSettings settings;
  private final DynamicsEnsemble model;
  private final TensorArena arena;
  private final Optimizer optimizer;
  private final RandomState random;
  private final ModelData data;
  private final int membersAtOnce;
  private final NormalizerUpdate normalizerUpdate;
  private final Program step;
  private final ModelHoldout holdout;
  private final BestMembers best;
  private int generation;

  ModelTrainer(
      Backend backend,
      ModelSettings settings,
      DynamicsEnsemble model,
      ReplayBuffer replay,
      long seed) {
    this.settings = settings;
    this.model = model;
    this.arena = backend.arena("model training");
    this.optimizer = model.network().optimizer(arena);
    this.random = new RandomState(arena, seed, RandomState.Purpose.MODEL);
    this.data = new ModelData(arena, settings, model, replay, random.words());
    this.membersAtOnce = backend.membersAtOnce(model.network().shape(), settings.batch());
    this.normalizerUpdate =
        new NormalizerUpdate(
            backend,
            model.normalizer(),
            replay,
            model.states(),
            model.actions(),
            settings.normalizeTargets());
    this.step = backend.record("model step", this::recordStep);
    this.holdout = new ModelHoldout(backend, arena, model, data);
    this.best = new BestMembers(backend, arena, model.network());
  }

  private void recordStep(Recorder recorder) {
    MlpShape shape = model.network().shape();
    int rows = settings.batch();
    int members = model.members();
    Buffer x = arena.allocate((long) members * rows * shape.inputs());
    Buffer target = arena.allocate((long) members * rows * model.dimensions());
    data.gather(recorder, members, rows, x, target, arena.allocate(1));
    recordGradients(recorder, x, target);
    optimizer.stepWithDecay(recorder, shape, settings.learningRate(), decay(shape.layers()));
    recorder.add(new Advance(random.words()));
  }

  /** Gradients of the likelihood, a few members at a time in one memory. */
  private void recordGradients(Recorder recorder, Buffer x, Buffer target) {
    MlpShape shape = model.network().shape();
    Buffer parameters = model.network().parameters();
    int rows = settings.batch();
    int members = model.members();
    long outputs = (long) rows * shape.outputs();
    Buffer heads = arena.allocate(members * outputs);
    Buffer headGradient = arena.allocate(members * outputs);
    Buffer tape = arena.allocate(shape.tapeWords(membersAtOnce, rows));
    Scratch scratch = new Scratch(arena);
    Buffer boundsGradient = settings.boundsLearned() ? model.boundsGradient() : null;
    boolean atOnce = membersAtOnce == members;
    for (int first = 0, count; first < members; first += count) {
      count = Math.min(membersAtOnce, members - first);
      MlpPass.Memory memory =
          new MlpPass.Memory(
              heads.slice(first * outputs, count * outputs),
              tape.slice(0, shape.tapeWords(count, rows)),
              headGradient.slice(first * outputs, count * outputs));
      MlpPass pass = MlpPass.ofMembers(memory, shape, parameters, first, count, rows);
      Buffer input = part(x, first, count, shape.inputs());
      Buffer wanted = part(target, first, count, model.dimensions());
      pass.forward(recorder, input, null);
      likelihood(
          recorder,
          count,
          memory.output(),
          wanted,
          memory.outputGradient(),
          atOnce ? boundsGradient : null);
      pass.backward(
          recorder,
          input,
          null,
          scratch.take(pass.scratchWords()),
          MlpPass.Gradients.ofParameters(model.network().gradients()));
    }
    if (!atOnce && boundsGradient != null) {
      likelihood(recorder, members, heads, target, null, boundsGradient);
    }
  }

  /** The rows of members {@code first} .. {@code first + count - 1} of (members, rows, width). */
  private Buffer part(Buffer matrices, int first, int count, int width) {
    long words = (long) settings.batch() * width;
    return matrices.slice(first * words, count * words);
  }

  private void likelihood(
      Recorder recorder,
      int members,
      Buffer heads,
      Buffer target,
      @Nullable Buffer headGradient,
      @Nullable Buffer boundsGradient) {
    recorder.add(
        new GaussianNll(
            members,
            settings.batch(),
            model.dimensions(),
            true,
            BOUNDS_WEIGHT,
            heads,
            target,
            model.bounds(),
            null,
            arena.allocate(members),
            arena.allocate(members),
            headGradient,
            boundsGradient));
  }

  private List<Double> decay(int layers) {
    List<Double> decay = settings.weightDecay();
    return decay.size() == 1
        ? IntStream.rangeClosed(0, layers).mapToObj(layer -> decay.getFirst()).toList()
        : decay;
  }

  /** Updates the normaliser from all real data. */
  public void refreshNormalizer() {
    normalizerUpdate.run();
  }

  /** Trains until the holdout stops improving, or the settings' limits; picks the elites. */
  public ModelReport train() {
    refreshNormalizer();
    generation++;
    int members = model.members();
    double[] bestError = new double[members];
    double[] bestLoss = new double[members];
    Arrays.fill(bestError, Double.POSITIVE_INFINITY);
    Arrays.fill(bestLoss, Double.POSITIVE_INFINITY);
    record(holdout.evaluate(generation), bestError, bestLoss);
    int trainingRows = data.trainingRows();
    int epochSteps = Math.max(SHORTEST_EPOCH, (trainingRows - 1) / settings.batch() + 1);
    int steps = 0;
    int epochs = 0;
    int stale = 0;
    while (stale < settings.patience() && !finished(epochs, steps)) {
      int count =
          settings.maxSteps() > 0 ? Math.min(epochSteps, settings.maxSteps() - steps) : epochSteps;
      data.select(generation, 0);
      for (int i = 0; i < count; i++) {
        step.run();
      }
      steps += count;
      epochs++;
      stale = record(holdout.evaluate(generation), bestError, bestLoss) ? 0 : stale + 1;
    }
    best.restore();
    return elect(epochs, steps, bestError, bestLoss);
  }

  private boolean finished(int epochs, int steps) {
    return (settings.maxEpochs() > 0 && epochs >= settings.maxEpochs())
        || (settings.maxSteps() > 0 && steps >= settings.maxSteps());
  }

  /** Keeps every member that improved by enough; true if any did. */
  private boolean record(ModelHoldout.Result result, double[] bestError, double[] bestLoss) {
    boolean improved = false;
    for (int m = 0; m < bestError.length; m++) {
      boolean better =
          switch (settings.holdoutLoss()) {
            case MSE -> improves(bestError[m], result.error()[m], bestError[m]);
            case NLL -> improves(bestLoss[m], result.loss()[m], Math.max(1, Math.abs(bestLoss[m])));
          };
      if (better) {
        bestError[m] = result.error()[m];
        bestLoss[m] = result.loss()[m];
        best.keep(m);
        improved = true;
      }
    }
    return improved;
  }

  private boolean improves(double best, double now, double unit) {
    return Double.isInfinite(best) || (best - now) / unit > settings.improvement();
  }

  private ModelReport elect(int epochs, int steps, double[] error, double[] loss) {
    double[] measure = settings.holdoutLoss() == HoldoutLoss.MSE ? error : loss;
    int[] elites =
        IntStream.range(0, error.length)
            .boxed()
            .sorted(Comparator.comparingDouble(m -> measure[m]))
            .limit(model.eliteCount())
            .mapToInt(Integer::intValue)
            .toArray();
    model.elites().write(elites);
    return new ModelReport(
        epochs,
        steps,
        Arrays.stream(elites).mapToDouble(m -> error[m]).average().orElse(Double.NaN),
        Arrays.stream(elites).mapToDouble(m -> loss[m]).average().orElse(Double.NaN));
  }

  /** Visits what the next training depends on, besides the model and the data. */
  public void visit(StateVisitor visitor) {
    optimizer.visit(visitor);
    random.visit(visitor);
    visitor.integers("control", data.control());
    generation = data.control().getInt(0);
  }

  @Override
  public void close() {
    normalizerUpdate.close();
    arena.close();
  }
}
