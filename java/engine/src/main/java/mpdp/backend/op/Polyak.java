package mpdp.backend.op;

import mpdp.tensor.Buffer;

/** Target network: target += rate (source - target). */
public record Polyak(long words, float rate, @In Buffer source, @InOut Buffer target)
    implements Operation {

  public Polyak {
    Operation.need("source", source, words);
    Operation.need("target", target, words);
  }

  @Override
  public Op op() {
    return Op.POLYAK;
  }

  @Override
  public double flops() {
    return 2.0 * words;
  }
}
