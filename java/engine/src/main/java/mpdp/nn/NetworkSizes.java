package mpdp.nn;

import mpdp.backend.op.MlpShape;

/**
 * How large an ensemble of networks is, whatever goes in and comes out.
 *
 * @param members networks
 * @param layers hidden layers
 * @param width of every hidden layer
 * @param norm LayerNorm before each activation
 */
public record NetworkSizes(int members, int layers, int width, boolean norm) {

  /** The shape of networks of these sizes from {@code inputs} to {@code outputs} numbers. */
  public MlpShape shape(int inputs, int outputs, MlpShape.Activation activation) {
    return new MlpShape(members, inputs, width, layers, outputs, activation, norm);
  }
}
