package mpdp.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Precision;
import mpdp.checkpoint.AgentHeader;
import mpdp.checkpoint.Checkpoint;
import mpdp.checkpoint.RestoreVisitor;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.NetworkSizes;
import mpdp.nn.Normalizer;
import mpdp.random.RandomStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * An ensemble of probabilistic dynamics networks: member m maps a standardised (state, action) to a
 * diagonal Gaussian over (state change, reward), its log-variance softly clamped between bounds
 * that may be trained too. Predictions come from the elites, the members with the best holdout
 * error.
 */
public final class DynamicsEnsemble {
  private final int states;
  private final int actions;
  private final int eliteCount;
  private final EnsembleMlp network;
  private final Normalizer normalizer;
  private final Buffer elites;
  private Precision precision = Precision.FP32;

  /**
   * @param eliteCount members that answer
   */
  public DynamicsEnsemble(
      TensorArena arena, int states, int actions, NetworkSizes sizes, int eliteCount) {
    this.states = states;
    this.actions = actions;
    this.eliteCount = eliteCount;
    MlpShape shape = sizes.shape(states + actions, 2 * (states + 1), MlpShape.Activation.SILU);
    this.network = new EnsembleMlp(arena, shape, 2L * (states + 1));
    this.normalizer = Normalizer.identity(arena, states, actions);
    this.elites = arena.allocate(eliteCount);
    elites.write(IntStream.range(0, eliteCount).toArray());
  }

  /**
   * The ensemble of a trained run: of its latest checkpoint, or of a checkpoint file.
   *
   * @throws mpdp.MpdpException in one line, if there is none, it is damaged or does not say how its
   *     ensemble is built
   */
  public static DynamicsEnsemble load(TensorArena arena, Path run) {
    return load(arena, Checkpoint.latest(run));
  }

  /** The ensemble of a checkpoint. */
  public static DynamicsEnsemble load(TensorArena arena, Checkpoint checkpoint) {
    AgentHeader header = AgentHeader.of(checkpoint);
    DynamicsEnsemble model =
        new DynamicsEnsemble(
            arena,
            header.task().states(),
            header.task().actions(),
            header.requireModel().sizes(),
            header.requireModel().modelElites());
    model.visit(new RestoreVisitor(checkpoint).within(AgentHeader.PREFIX).within("model"));
    return model;
  }

  /** Draws fresh weights and sets the log-variance bounds. */
  public void initialize(RandomStream random, double logVarianceMin, double logVarianceMax) {
    network.initialize(EnsembleMlp.Initialization.TRUNCATED_NORMAL, random);
    float[] values = new float[2 * (states + 1)];
    Arrays.fill(values, 0, states + 1, (float) logVarianceMax);
    Arrays.fill(values, states + 1, values.length, (float) logVarianceMin);
    bounds().write(values);
  }

  /**
   * Lets plans and imagination that are recorded from now on predict in {@code precision}; the
   * training of the ensemble and its holdout loss stay in float32.
   */
  public DynamicsEnsemble predictIn(Precision precision) {
    this.precision = precision;
    return this;
  }

  /** What plans and imagination predict in. */
  public Precision precision() {
    return precision;
  }

  public int states() {
    return states;
  }

  public int actions() {
    return actions;
  }

  public int members() {
    return network.shape().members();
  }

  public int eliteCount() {
    return eliteCount;
  }

  /** Width of a prediction, states + 1. */
  public int dimensions() {
    return states + 1;
  }

  public EnsembleMlp network() {
    return network;
  }

  public Normalizer normalizer() {
    return normalizer;
  }

  /** int32 (eliteCount): member indices, best first. */
  public Buffer elites() {
    return elites;
  }

  /** Log-variance bounds: max (D), min (D). */
  public Buffer bounds() {
    return network.extra(network.parameters(), 2L * dimensions());
  }

  /** Gradients of {@link #bounds}. */
  public Buffer boundsGradient() {
    return network.extra(network.gradients(), 2L * dimensions());
  }

  /** Visits what training changes. */
  public void visit(StateVisitor visitor) {
    network.visit(visitor);
    normalizer.visit(visitor);
    visitor.integers("elites", elites);
  }
}
