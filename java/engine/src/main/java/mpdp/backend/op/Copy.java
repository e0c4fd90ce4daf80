package mpdp.backend.op;

import mpdp.tensor.Buffer;

/** target = source. */
public record Copy(long words, @In Buffer source, @Out Buffer target) implements Operation {

  public Copy {
    Operation.need("source", source, words);
    Operation.need("target", target, words);
  }

  @Override
  public Op op() {
    return Op.COPY;
  }

  @Override
  public double flops() {
    return 0.0;
  }
}
