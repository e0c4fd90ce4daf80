package mpdp.backend.reference;

import java.util.Comparator;
import java.util.stream.IntStream;
import mpdp.backend.op.SequenceRefit;

/** {@link SequenceRefit}. */
final class SequenceRefitReference {
  private SequenceRefitReference() {}

  static void run(SequenceRefit op) {
    for (int row = 0; row < op.rows(); row++) {
      Operands.set(op.score(), row, score(op, row));
    }
    // A stable sort. 0 - x and not -x, which would tell 0 from -0.
    int[] elite =
        IntStream.range(0, op.rows())
            .boxed()
            .sorted(Comparator.comparingDouble(row -> 0.0 - Operands.get(op.score(), row)))
            .mapToInt(Integer::intValue)
            .limit(op.elites())
            .toArray();
    double best = Operands.get(op.score(), elite[0]);
    double[] weight = new double[op.elites()];
    double total = 0;
    for (int k = 0; k < op.elites(); k++) {
      Operands.setInt(op.elite(), k, elite[k]);
      double score = Operands.get(op.score(), elite[k]);
      boolean finite = score != Double.NEGATIVE_INFINITY;
      weight[k] = finite ? Math.exp(op.sharpness() * (score - best)) : 0;
      total += weight[k];
    }
    for (int at = 0; total > 0 && at < op.steps() * op.actions(); at++) {
      fit(op, elite, weight, total, at);
    }
  }

  private static double score(SequenceRefit op, int row) {
    double sum = 0;
    for (int p = 0; p < op.particles(); p++) {
      sum += Operands.get(op.objective(), (long) p * op.rows() + row);
    }
    float score = (float) (sum / op.particles());
    return Float.isFinite(score) ? score : Double.NEGATIVE_INFINITY;
  }

  private static void fit(SequenceRefit op, int[] elite, double[] weight, double total, int at) {
    double fit = 0;
    for (int k = 0; k < elite.length; k++) {
      fit += weight[k] * action(op, elite[k], at) / total;
    }
    double variance = 0;
    for (int k = 0; k < elite.length; k++) {
      double off = action(op, elite[k], at) - fit;
      variance += weight[k] * off * off / total;
    }
    double keep = op.momentum();
    double spread = keep * Operands.get(op.deviation(), at) + (1 - keep) * Math.sqrt(variance);
    Operands.set(op.mean(), at, keep * Operands.get(op.mean(), at) + (1 - keep) * fit);
    Operands.set(
        op.deviation(), at, Math.min(Math.max(spread, op.minDeviation()), op.maxDeviation()));
  }

  private static double action(SequenceRefit op, int row, int at) {
    long step = at / op.actions();
    return Operands.get(op.sequence(), (step * op.rows() + row) * op.actions() + at % op.actions());
  }
}
