package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.Adam;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Fill;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.Metric;
import mpdp.backend.op.Op;
import mpdp.backend.op.Polyak;
import mpdp.backend.op.TemperatureStep;

/** Cases of ops on parameter vectors, counters and metrics. */
final class OptimizerCases {
  private OptimizerCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int words : new int[] {1, 2, 15, 16, 17, 31, 33, 1000, 20_011}) {
      allOf(cases, words);
    }
    cases.add(adam(137_000, 1, false).asReal());
    cases.add(clip(137_000, 10, 0.1).asReal());
    cases.add(polyak(137_000).asReal());
    cases.add(copy(137_000).asReal());
    cases.add(fill(137_000, 0).asReal());
    for (int count : new int[] {NO_COUNT, 0, 1, 16, 33, 99}) {
      cases.add(metric(33, count, 0));
      cases.add(temperature(33, count, 0));
    }
    cases.add(metric(256, NO_COUNT, 0).asReal());
    cases.add(temperature(256, NO_COUNT, 0).asReal());
    cases.add(metric(17, NO_COUNT, Double.NaN));
    cases.add(metric(17, NO_COUNT, Double.POSITIVE_INFINITY));
    cases.add(temperature(17, NO_COUNT, Double.NaN));
    cases.add(OpCase.of(Op.ADVANCE, "both words", 1, m -> new Advance(m.ints(1, 2, -1, 7))));
    cases.add(OpCase.of(Op.ADVANCE, "low word", 1, m -> new Advance(m.drawState())).asReal());
    return cases;
  }

  private static void allOf(List<OpCase> cases, int words) {
    cases.add(adam(words, 1, false));
    cases.add(adam(words, 5000, false));
    cases.add(adam(words, 3, true));
    cases.add(clip(words, 0, 1));
    cases.add(clip(words, 0.5f, 1));
    cases.add(clip(words, 1e6f, 1));
    cases.add(clip(words, 1, Double.NaN));
    cases.add(clip(words, 0, Double.POSITIVE_INFINITY));
    cases.add(polyak(words));
    cases.add(copy(words));
    cases.add(fill(words, -1.5f));
  }

  private static OpCase adam(int words, int steps, boolean skip) {
    return OpCase.of(
        Op.ADAM,
        "%d steps %d%s".formatted(words, steps, skip ? " skip" : ""),
        10,
        m ->
            new Adam(
                words,
                3e-4f,
                0.9f,
                0.999f,
                1e-8f,
                1e-2f,
                m.normals(words),
                m.floats(skip ? 0 : 0.5f, skip ? 1 : 0, steps, 1, 0),
                m.normals(words),
                m.normals(words, 0.1),
                m.uniforms(words, 0.01, 1)));
  }

  /**
   * @param scale of the gradients; one of them is set to it when it is not finite
   */
  private static OpCase clip(int words, float maxNorm, double scale) {
    return OpCase.of(
        Op.GRADIENT_CLIP,
        "%d max %s of %s".formatted(words, maxNorm, scale),
        words,
        m -> {
          int bad = Double.isFinite(scale) ? -1 : m.random().nextInt(words);
          int[] at = {0};
          return new GradientClip(
              words,
              maxNorm,
              m.fill(words, () -> at[0]++ == bad ? scale : m.random().nextGaussian()),
              m.floats(0.25f, 1, 41, 3, 2));
        });
  }

  private static OpCase polyak(int words) {
    return OpCase.of(
        Op.POLYAK,
        "" + words,
        1,
        m -> new Polyak(words, 0.005f, m.normals(words), m.normals(words)));
  }

  private static OpCase copy(int words) {
    return OpCase.of(Op.COPY, "" + words, 1, m -> new Copy(words, m.normals(words), m.out(words)));
  }

  private static OpCase fill(int words, float value) {
    return OpCase.of(
        Op.FILL, words + " with " + value, 1, m -> new Fill(words, value, m.out(words)));
  }

  private static OpCase metric(int rows, int count, double bad) {
    return OpCase.of(
        Op.METRIC,
        "%d count %d%s".formatted(rows, count, bad == 0 ? "" : " with " + bad),
        rows,
        m ->
            new Metric(
                rows,
                m.fill(rows, () -> bad == 0 ? m.random().nextGaussian() : bad),
                m.count(count),
                m.floats(3, 12)));
  }

  private static OpCase temperature(int rows, int count, double bad) {
    return OpCase.of(
        Op.TEMPERATURE_STEP,
        "%d count %d%s".formatted(rows, count, bad == 0 ? "" : " with " + bad),
        rows,
        m ->
            new TemperatureStep(
                rows,
                -3,
                3e-2f,
                m.fill(rows, () -> bad == 0 ? 1 + m.random().nextGaussian() : bad),
                m.count(count),
                m.floats(0.2f, (float) Math.log(0.2), 0.5f, 0.3f, 7)));
  }
}
