package mpdp.backend.op;

import mpdp.tensor.Buffer;

/**
 * Steps the random state: the 64-bit step counter (words 2 and 3) grows by one, so that every op of
 * the next run draws new numbers.
 */
public record Advance(@InOut Buffer random) implements Operation {

  public Advance {
    Operation.need("random", random, Draws.WORDS);
  }

  @Override
  public Op op() {
    return Op.ADVANCE;
  }

  @Override
  public double flops() {
    return 0.0;
  }
}
