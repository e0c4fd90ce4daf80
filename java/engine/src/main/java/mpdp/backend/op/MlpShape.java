package mpdp.backend.op;

import java.util.List;

/**
 * The shape of an ensemble of MLPs with equal hidden widths. Hidden layer {@code l} computes {@code
 * h = act(norm(x W + b))}, the output layer {@code x W + b}.
 *
 * <p>Parameters are one vector: for each layer (hidden ones first, output last) the blocks W
 * (members, in, out), b (members, out) and, for hidden layers when {@code norm}, gain (members,
 * out) and shift (members, out); every block starts at a multiple of 16 words.
 *
 * <p>The tape that a backward pass needs is, for each hidden layer, the blocks h (members, rows,
 * width); for SiLU its derivative act' (members, rows, width); when {@code norm} the normalised
 * values before gain and shift (members, rows, width) and 1/std (members, rows); each block starts
 * at a multiple of 16 words, and {@code members} is the number of members that ran, or 1 where rows
 * are ROUTED: {@link RowMode#tapeMembers}. Scratch is laid out alike.
 *
 * @param members networks in the ensemble
 * @param inputs width of the input
 * @param width width of every hidden layer
 * @param layers number of hidden layers, at least 1
 * @param outputs width of the output
 * @param activation hidden activation
 * @param norm LayerNorm (epsilon 1e-5, gain and shift) before the activation
 */
public record MlpShape(
    int members,
    int inputs,
    int width,
    int layers,
    int outputs,
    Activation activation,
    boolean norm) {

  /** Hidden activations; the ordinal is what native code receives. */
  public enum Activation {
    RELU,
    SILU
  }

  public MlpShape {
    Operation.positive("members", members);
    Operation.positive("inputs", inputs);
    Operation.positive("width", width);
    Operation.positive("layers", layers);
    Operation.positive("outputs", outputs);
  }

  /**
   * One block of the parameter vector: each member has {@code width} neighbouring words of it.
   *
   * @param at first word, that of member 0
   * @param width words of a member
   */
  public record Block(long at, int width) {
    /** First word of {@code member}. */
    public long of(int member) {
      return at + (long) member * width;
    }
  }

  /** {@code words} rounded up to a multiple of 16. */
  public static long align(long words) {
    return (words + 15) / 16 * 16;
  }

  /** Input width of layer {@code layer} (0 .. layers, the last one is the output layer). */
  public int in(int layer) {
    return layer == 0 ? inputs : width;
  }

  /** Output width of layer {@code layer}. */
  public int out(int layer) {
    return layer == layers ? outputs : width;
  }

  /**
   * All blocks of {@code layer} (0 .. layers, the last one is the output layer) in their order: W
   * and b, and gain and shift of a hidden layer with {@link #norm}. Whoever moves a member's
   * parameters moves these.
   */
  public List<Block> blocks(int layer) {
    Block weights = new Block(weights(layer), in(layer) * out(layer));
    Block bias = new Block(bias(layer), out(layer));
    if (!norm || layer == layers) {
      return List.of(weights, bias);
    }
    return List.of(
        weights, bias, new Block(gain(layer), out(layer)), new Block(shift(layer), out(layer)));
  }

  /** First word of W of {@code layer}; its length is members x in x out. */
  public long weights(int layer) {
    long at = 0;
    for (int l = 0; l < layer; l++) {
      at = shift(l) + (norm ? align((long) members * out(l)) : 0);
    }
    return at;
  }

  /** First word of b of {@code layer}. */
  public long bias(int layer) {
    return weights(layer) + align((long) members * in(layer) * out(layer));
  }

  /** First word of the LayerNorm gain of hidden {@code layer}; meaningful when {@link #norm}. */
  public long gain(int layer) {
    return bias(layer) + align((long) members * out(layer));
  }

  /** First word of the LayerNorm shift; without {@link #norm}, the end of the layer. */
  public long shift(int layer) {
    return norm && layer < layers ? gain(layer) + align((long) members * out(layer)) : gain(layer);
  }

  /** Words of the parameter vector. */
  public long parameterWords() {
    return gain(layers);
  }

  /** Words of one hidden layer's tape for {@code memberCount} x {@code rows} evaluations. */
  public long tapeLayerWords(int memberCount, int rows) {
    long matrix = align((long) memberCount * rows * width);
    long matrices = 1 + (activation == Activation.SILU ? 1 : 0) + (norm ? 1 : 0);
    return matrices * matrix + (norm ? align((long) memberCount * rows) : 0);
  }

  /** Words of the tape. */
  public long tapeWords(int memberCount, int rows) {
    return layers * tapeLayerWords(memberCount, rows);
  }

  /** Words of scratch that a backward pass needs: dz of every hidden layer. */
  public long scratchWords(int memberCount, int rows) {
    return layers * align((long) memberCount * rows * width);
  }

  /** Multiply-adds, counted as 2, of one row through one member. */
  public double flopsPerRow() {
    return 2.0
        * ((double) inputs * width
            + (double) (layers - 1) * width * width
            + (double) width * outputs);
  }
}
