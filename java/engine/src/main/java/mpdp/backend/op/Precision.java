package mpdp.backend.op;

/** How a network's products are computed; the ordinal is what native code receives. */
public enum Precision {
  /** Float32 throughout. */
  FP32,
  /**
   * What is multiplied, a layer's inputs and its weights, is rounded to bfloat16 first (8 bits of
   * precision, to nearest, ties to even). Sums, biases, LayerNorm and activations are float32.
   */
  BF16
}
