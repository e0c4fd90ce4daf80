package mpdp.backend.reference;

import mpdp.backend.op.TransitionSample;

/** {@link TransitionSample}. */
final class TransitionSampleReference {
  private TransitionSampleReference() {}

  static void run(TransitionSample op) {
    PhiloxDraws choices = new PhiloxDraws(op.random(), op.site());
    PhiloxDraws normals = new PhiloxDraws(op.random(), op.site() + 1);
    int dimensions = op.states() + 1;
    int present = Operands.present(op.rows(), op.count());
    for (int row = 0; row < present; row++) {
      int root = Operands.root(op.root(), row);
      int member = Operands.getInt(op.elites(), choices.choice(root, op.eliteCount()));
      Operands.setInt(op.chosen(), row, member);
      long headRow = (long) member * op.rows() + Operands.place(op.place(), row);
      for (int d = 0; d < dimensions; d++) {
        GaussianHead head = GaussianHead.read(op.heads(), op.bounds(), dimensions, headRow, d);
        double eps = normals.normal((long) root * dimensions + d);
        Operands.set(op.eps(), (long) row * dimensions + d, eps);
        double z = head.mean() + op.noise() * head.deviation() * eps;
        double change = Operands.get(op.outputMean(), d) + Operands.get(op.outputScale(), d) * z;
        if (d < op.states()) {
          long at = (long) row * op.states() + d;
          Operands.set(op.next(), at, Operands.get(op.state(), at) + change);
        } else {
          Operands.set(op.reward(), row, change);
        }
      }
    }
  }
}
