package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.Op;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.backend.op.Termination;
import mpdp.tensor.Buffer;

/** Cases of the policy head, the input standardisation and the termination test. */
final class PolicyCases {
  private static final int[][] ROWS_STATES_ACTIONS = {
    {1, 1, 1}, {2, 3, 1}, {15, 4, 2}, {16, 11, 3}, {17, 16, 5}, {31, 17, 6}, {33, 31, 17}
  };

  private PolicyCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] size : ROWS_STATES_ACTIONS) {
      allOf(cases, size, NO_COUNT);
    }
    for (int count : new int[] {0, 1, 16, 33, 99}) {
      allOf(cases, new int[] {33, 7, 3}, count);
    }
    int[] real = {256, 27, 8};
    cases.add(squashed(real, false, true, NO_COUNT, false).asReal());
    cases.add(squashed(real, false, true, NO_COUNT, true).asReal());
    cases.add(squashedBackward(real, NO_COUNT).asReal());
    cases.add(normalize(real, true, NO_COUNT, false).asReal());
    cases.add(normalizeBackward(real, true, true, true, NO_COUNT, false).asReal());
    cases.add(normalize(real, true, NO_COUNT, true).asReal());
    cases.add(normalizeBackward(real, true, true, true, NO_COUNT, true).asReal());
    cases.add(termination(real, true, NO_COUNT).asReal());
    return cases;
  }

  private static void allOf(List<OpCase> cases, int[] size, int count) {
    cases.add(squashed(size, false, true, count, false));
    cases.add(squashed(size, false, true, count, true));
    cases.add(squashed(size, false, false, count, false));
    cases.add(squashed(size, true, true, count, true));
    cases.add(squashedBackward(size, count));
    cases.add(normalize(size, true, count, false));
    cases.add(normalize(size, false, count, false));
    cases.add(normalizeBackward(size, true, true, false, count, false));
    cases.add(normalizeBackward(size, true, true, true, count, false));
    cases.add(normalizeBackward(size, true, false, false, count, false));
    cases.add(normalizeBackward(size, false, true, true, count, false));
    cases.add(normalize(size, true, count, true));
    cases.add(normalizeBackward(size, true, true, false, count, true));
    cases.add(normalizeBackward(size, true, false, true, count, true));
    cases.add(termination(size, false, count));
    cases.add(termination(size, true, count));
  }

  private static String label(int[] s, int count) {
    return "%dx(%d,%d) count %d".formatted(s[0], s[1], s[2], count);
  }

  /** Means around 0 and log-stds that reach both ends of the clamp. */
  private static Buffer head(CaseMemory m, int rows, int actions) {
    float[] head = new float[2 * rows * actions];
    for (int i = 0; i < head.length; i++) {
      boolean mean = i % (2 * actions) < actions;
      double spread = m.random().nextInt(8) == 0 ? 20 : 1;
      head[i] = (float) (m.random().nextGaussian() * (mean ? 1 : spread) - (mean ? 0 : 1));
    }
    return m.floats(head);
  }

  private static OpCase squashed(
      int[] s, boolean deterministic, boolean logProb, int count, boolean rooted) {
    long matrix = (long) s[0] * s[2];
    return OpCase.of(
        Op.SQUASHED_GAUSSIAN,
        label(s, count)
            + (deterministic ? " deterministic" : "")
            + (logProb ? " logProb" : "")
            + (rooted ? " rooted" : ""),
        10.0 * s[2],
        m ->
            new SquashedGaussian(
                s[0],
                s[2],
                3,
                deterministic,
                head(m, s[0], s[2]),
                m.drawState(),
                m.count(count),
                rooted ? m.permutation(s[0]) : null,
                m.out(matrix),
                logProb ? m.out(s[0]) : null,
                m.out(matrix)));
  }

  private static OpCase squashedBackward(int[] s, int count) {
    long matrix = (long) s[0] * s[2];
    return OpCase.of(
        Op.SQUASHED_GAUSSIAN_BACKWARD,
        label(s, count),
        10,
        m ->
            new SquashedGaussianBackward(
                s[0],
                s[2],
                head(m, s[0], s[2]),
                m.uniforms(matrix, -1, 1),
                m.normals(matrix),
                m.normals(matrix),
                m.normals(s[0]),
                m.count(count),
                m.out(2 * matrix)));
  }

  private static OpCase normalize(int[] s, boolean withActions, int count, boolean placed) {
    int actions = withActions ? s[2] : 0;
    int width = s[1] + actions;
    return OpCase.of(
        Op.NORMALIZE,
        label(s, count) + (withActions ? " actions" : "") + (placed ? " placed" : ""),
        1,
        m ->
            new Normalize(
                s[0],
                s[1],
                actions,
                m.normals((long) s[0] * s[1]),
                withActions ? m.normals((long) s[0] * actions) : null,
                m.normals(width),
                m.uniforms(width, 0.5, 3),
                m.count(count),
                placed ? m.permutation(s[0]) : null,
                m.out((long) s[0] * width)));
  }

  private static OpCase normalizeBackward(
      int[] s, boolean toState, boolean toAction, boolean accumulate, int count, boolean placed) {
    int width = s[1] + s[2];
    return OpCase.of(
        Op.NORMALIZE_BACKWARD,
        label(s, count)
            + (toState ? " state" : "")
            + (toAction ? " action" : "")
            + (accumulate ? " accumulate" : "")
            + (placed ? " placed" : ""),
        1,
        m ->
            new NormalizeBackward(
                s[0],
                s[1],
                s[2],
                accumulate,
                accumulate,
                m.normals((long) s[0] * width),
                m.uniforms(width, 0.5, 3),
                m.count(count),
                placed ? m.permutation(s[0]) : null,
                toState ? m.updated((long) s[0] * s[1], accumulate) : null,
                toAction ? m.updated((long) s[0] * s[2], accumulate) : null));
  }

  private static OpCase termination(int[] s, boolean inclusive, int count) {
    return OpCase.of(
        Op.TERMINATION,
        label(s, count) + (inclusive ? " inclusive" : ""),
        1,
        m ->
            new Termination(
                s[0],
                s[1],
                inclusive,
                states(m, s[0], s[1]),
                m.fill(s[1], () -> m.random().nextBoolean() ? -3 : Double.NEGATIVE_INFINITY),
                m.fill(s[1], () -> m.random().nextBoolean() ? 3 : Double.POSITIVE_INFINITY),
                m.count(count),
                m.out(s[0])));
  }

  /** Mostly inside; some NaN, some infinite, some exactly at a bound. */
  private static Buffer states(CaseMemory m, int rows, int states) {
    double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 3, -3};
    return m.fill(
        (long) rows * states,
        () ->
            m.random().nextInt(4 * states) == 0
                ? special[m.random().nextInt(special.length)]
                : m.random().nextGaussian());
  }
}
