package mpdp.backend.op;

import mpdp.tensor.Buffer;

/** target = value. */
public record Fill(long words, float value, @Out Buffer target) implements Operation {

  public Fill {
    Operation.need("target", target, words);
  }

  @Override
  public Op op() {
    return Op.FILL;
  }

  @Override
  public double flops() {
    return 0.0;
  }
}
