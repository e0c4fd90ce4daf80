package mpdp.backend.reference;

import mpdp.backend.op.Metric;

/** {@link Metric}. */
final class MetricReference {
  private MetricReference() {}

  static void run(Metric op) {
    int present = Operands.present(op.rows(), op.count());
    double sum = 0;
    for (int row = 0; row < present; row++) {
      sum += Operands.get(op.values(), row);
    }
    double mean = sum / present;
    if (present > 0 && Double.isFinite(mean)) {
      Operands.put(op.slot(), 0, mean, true);
      Operands.put(op.slot(), 1, 1, true);
    }
  }
}
