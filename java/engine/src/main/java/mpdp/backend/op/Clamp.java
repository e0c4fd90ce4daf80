package mpdp.backend.op;

import mpdp.tensor.Buffer;

/** target = min(max(target, low), high); a NaN stays. Keeps what Adam moves in its range. */
public record Clamp(long words, float low, float high, @InOut Buffer target) implements Operation {

  public Clamp {
    if (!(low <= high)) {
      throw new IllegalArgumentException("low is " + low + " and high " + high);
    }
    Operation.need("target", target, words);
  }

  @Override
  public Op op() {
    return Op.CLAMP;
  }

  @Override
  public double flops() {
    return 2.0 * words;
  }
}
