package mpdp.nn;

import java.util.List;
import mpdp.backend.Recorder;
import mpdp.backend.op.Adam;
import mpdp.backend.op.Fill;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.MlpShape;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/** Adam with global-norm clipping for one vector: moments, step count, clip state. */
public final class Optimizer {
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final Buffer parameters;
  private final Buffer gradients;
  private final Buffer first;
  private final Buffer second;
  private final Buffer clip;

  /**
   * @param parameters what steps change
   * @param gradients as many words, which the caller fills before every step
   */
  public Optimizer(TensorArena arena, Buffer parameters, Buffer gradients) {
    this.parameters = parameters;
    this.gradients = gradients;
    this.first = arena.allocate(parameters.words());
    this.second = arena.allocate(parameters.words());
    this.clip = arena.allocate(GradientClip.WORDS);
  }

  /** The norm of the last gradient (1 word, before clipping). */
  public Buffer norm() {
    return clip.slice(3, 1);
  }

  /** Updates skipped so far because the gradient was not finite. */
  public long skipped() {
    return (long) clip.get(4);
  }

  /**
   * Adds the ops of one step on all parameters.
   *
   * @param maxNorm clip the gradient's global norm to this; 0 or infinity never clips
   */
  public void step(Recorder recorder, double learningRate, double maxNorm) {
    clipGradient(recorder, maxNorm);
    adam(recorder, 0, parameters.words(), learningRate, 0);
  }

  /**
   * As {@link #step} without clipping, with L2 decay per layer of the networks that the parameters
   * begin with ({@code decay.get(layer)}, output layer last, biases included) and none on the words
   * behind them.
   */
  public void stepWithDecay(
      Recorder recorder, MlpShape shape, double learningRate, List<Double> decay) {
    clipGradient(recorder, 0);
    for (int layer = 0; layer <= shape.layers(); layer++) {
      long from = shape.weights(layer);
      long to = layer == shape.layers() ? shape.parameterWords() : shape.weights(layer + 1);
      adam(recorder, from, to, learningRate, decay.get(layer));
    }
    long end = parameters.words();
    if (end > shape.parameterWords()) {
      adam(recorder, shape.parameterWords(), end, learningRate, 0);
    }
  }

  /** Adds the ops that forget all steps so far, for parameters that start anew. */
  public void restart(Recorder recorder) {
    recorder.add(new Fill(first.words(), 0, first));
    recorder.add(new Fill(second.words(), 0, second));
    recorder.add(new Fill(GradientClip.WORDS, 0, clip));
  }

  /** Visits what training changes. */
  public void visit(StateVisitor visitor) {
    visitor.floats("first_moment", first);
    visitor.floats("second_moment", second);
    visitor.floats("clip", clip);
  }

  private void clipGradient(Recorder recorder, double maxNorm) {
    float limit = Double.isInfinite(maxNorm) ? 0 : (float) maxNorm;
    recorder.add(new GradientClip(gradients.words(), limit, gradients, clip));
  }

  private void adam(Recorder recorder, long from, long to, double learningRate, double decay) {
    long words = to - from;
    recorder.add(
        new Adam(
            words,
            (float) learningRate,
            BETA_1,
            BETA_2,
            EPSILON,
            (float) decay,
            gradients.slice(from, words),
            clip,
            parameters.slice(from, words),
            first.slice(from, words),
            second.slice(from, words)));
  }
}
