package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * Adam (Kingma and Ba) with L2 decay, g = scale gradient + decay parameter, and bias correction by
 * the steps in clip. Does nothing where clip says skip.
 *
 * @param clip see {@link GradientClip}
 */
public record Adam(
    long words,
    float learningRate,
    float beta1,
    float beta2,
    float epsilon,
    float decay,
    @In Buffer gradients,
    @In Buffer clip,
    @InOut Buffer parameters,
    @InOut Buffer first,
    @InOut Buffer second)
    implements Operation {

  public Adam {
    Operation.need("gradients", gradients, words);
    Operation.need("clip", clip, GradientClip.WORDS);
    Operation.need("parameters", parameters, words);
    Operation.need("first", first, words);
    Operation.need("second", second, words);
  }

  @Override
  public Op op() {
    return Op.ADAM;
  }

  @Override
  public double flops() {
    return 15.0 * words;
  }
}
