package mpdp.nn;

import java.lang.foreign.MemorySegment;
import mpdp.backend.op.MlpShape;
import mpdp.random.RandomStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * The parameters of an ensemble of MLPs and their gradients, each one vector in the layout of
 * {@link MlpShape}, with room at the end for further trained words (the model's log-variance
 * bounds).
 */
public final class EnsembleMlp {
  /** How weights start; biases are zero unless the scheme says otherwise. */
  public enum Initialization {
    /** Weights and biases uniform in +-1/sqrt(fan in): PyTorch's default, used by SAC. */
    UNIFORM,
    /** Weights from a normal truncated at 2 std with std 1/(2 sqrt(fan in)): PETS and MBPO. */
    TRUNCATED_NORMAL
  }

  private final MlpShape shape;
  private final Buffer parameters;
  private final Buffer gradients;

  /**
   * @param extraWords trained words behind the networks' own
   */
  public EnsembleMlp(TensorArena arena, MlpShape shape, long extraWords) {
    this.shape = shape;
    long words = shape.parameterWords() + MlpShape.align(extraWords);
    this.parameters = arena.allocate(words);
    this.gradients = arena.allocate(words);
  }

  /** Networks whose parameters, without any extra words, are where somebody else holds them. */
  public EnsembleMlp(TensorArena arena, MlpShape shape, Buffer parameters) {
    this.shape = shape;
    this.parameters = parameters;
    this.gradients = arena.allocate(parameters.words());
  }

  public MlpShape shape() {
    return shape;
  }

  /** The trained vector: {@link MlpShape#parameterWords}, then the extra words. */
  public Buffer parameters() {
    return parameters;
  }

  /** Adam of all parameters by {@link #gradients}. */
  public Optimizer optimizer(TensorArena arena) {
    return new Optimizer(arena, parameters, gradients);
  }

  /** Gradients in the layout of {@link #parameters}. */
  public Buffer gradients() {
    return gradients;
  }

  /** The part of {@code vector} (parameters or gradients) behind the networks. */
  public Buffer extra(Buffer vector, long words) {
    return vector.slice(shape.parameterWords(), words);
  }

  /** Draws fresh weights, member by member, each with draws of its own. */
  public void initialize(Initialization initialization, RandomStream random) {
    float[] values = new float[Math.toIntExact(shape.parameterWords())];
    for (int layer = 0; layer <= shape.layers(); layer++) {
      int fanIn = shape.in(layer);
      int weights = shape.members() * fanIn * shape.out(layer);
      int biases = shape.members() * shape.out(layer);
      for (int i = 0; i < weights; i++) {
        values[Math.toIntExact(shape.weights(layer)) + i] = draw(initialization, fanIn, random);
      }
      for (int i = 0; i < biases && initialization == Initialization.UNIFORM; i++) {
        values[Math.toIntExact(shape.bias(layer)) + i] = draw(initialization, fanIn, random);
      }
      for (int i = 0; i < biases && shape.norm() && layer < shape.layers(); i++) {
        values[Math.toIntExact(shape.gain(layer)) + i] = 1;
      }
    }
    parameters.write(0, MemorySegment.ofArray(values));
  }

  /** Visits what training changes. */
  public void visit(StateVisitor visitor) {
    visitor.floats("parameters", parameters);
  }

  private static float draw(Initialization initialization, int fanIn, RandomStream random) {
    double scale = 1 / Math.sqrt(fanIn);
    if (initialization == Initialization.UNIFORM) {
      return (float) (scale * (2 * random.nextDouble() - 1));
    }
    double normal = random.nextGaussian();
    while (Math.abs(normal) > 2) {
      normal = random.nextGaussian();
    }
    return (float) (scale / 2 * normal);
  }
}
