package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.Clamp;
import mpdp.backend.op.Op;
import mpdp.backend.op.SequenceGather;
import mpdp.backend.op.SequenceRefit;
import mpdp.backend.op.SequenceSample;
import mpdp.backend.op.SequenceScore;
import mpdp.tensor.Buffer;

/** Cases of the ops that search over action sequences. */
final class SequenceCases {
  private SequenceCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int rows : new int[] {1, 2, 15, 16, 17, 31, 33, 100}) {
      cases.add(sample(rows, 3, 2, 0));
      cases.add(sample(rows, 1, 1, rows / 3));
      cases.add(sample(rows, 5, 7, rows - 1));
      cases.add(refit(rows, 1, 3, 2, rows, 0, 0));
      cases.add(refit(rows, 3, 1, 1, (rows + 1) / 2, 0.5f, 0.1f));
      cases.add(refit(rows, 2, 5, 7, 1, 3, 0.9f));
      cases.add(score(rows, 1));
      cases.add(score(rows, 17));
      cases.add(clamp(rows * rows));
    }
    for (int count : new int[] {NO_COUNT, 0, 1, 16, 33, 99}) {
      for (boolean rooted : new boolean[] {false, true}) {
        cases.add(gather(33, 7, 3, 2, false, rooted, count));
        cases.add(gather(33, 1, 17, 1, true, rooted, count));
      }
    }
    cases.add(hopeless(17, 17));
    cases.add(hopeless(17, 9));
    cases.add(sample(350, 15, 6, 0).asReal());
    cases.add(refit(350, 20, 15, 6, 35, 0, 0.1f).asReal());
    cases.add(refit(512, 1, 3, 6, 64, 0.5f, 0).asReal());
    cases.add(gather(7000, 350, 17, 6, false, true, NO_COUNT).asReal());
    cases.add(score(80, 17).asReal());
    cases.add(clamp(15 * 16 * 6).asReal());
    return cases;
  }

  private static OpCase sample(int rows, int steps, int actions, int first) {
    return OpCase.of(
        Op.SEQUENCE_SAMPLE,
        "%dx%dx%d from %d".formatted(steps, rows, actions, first),
        1,
        m ->
            new SequenceSample(
                rows,
                steps,
                actions,
                first,
                51,
                m.drawState(),
                m.normals((long) steps * actions, 0.5),
                m.uniforms((long) steps * actions, 0, 1),
                m.normals((long) steps * rows * actions)));
  }

  private static OpCase refit(
      int rows,
      int particles,
      int steps,
      int actions,
      int elites,
      float sharpness,
      float momentum) {
    return OpCase.of(
        Op.SEQUENCE_REFIT,
        "%dx%dx%d particles %d elites %d sharpness %s"
            .formatted(steps, rows, actions, particles, elites, sharpness),
        elites,
        m ->
            refit(
                m,
                new int[] {rows, particles, steps, actions, elites},
                sharpness,
                momentum,
                scores(m, rows, particles, m.permutation(rows).ints())));
  }

  private static SequenceRefit refit(
      CaseMemory m, int[] size, float sharpness, float momentum, Buffer objective) {
    long plan = (long) size[2] * size[3];
    return new SequenceRefit(
        size[0],
        size[1],
        size[2],
        size[3],
        size[4],
        sharpness,
        momentum,
        0.05f,
        0.7f,
        objective,
        m.normals(plan * size[0]),
        m.normals(plan),
        m.uniforms(plan, 0, 1),
        m.out(size[0]),
        m.out(size[4]));
  }

  /**
   * Scores that rounding cannot reorder, two of three in pairs that tie, and one in ten not finite.
   */
  private static Buffer scores(CaseMemory m, int rows, int particles, int[] order) {
    int[] at = {0};
    return m.fill(
        (long) particles * rows,
        () -> {
          int row = at[0]++ % rows;
          double bad = row % 20 == 3 ? Double.NaN : Double.NEGATIVE_INFINITY;
          return row % 10 == 3 ? bad : 0.25 * (order[row] - order[row] % 3 / 2);
        });
  }

  /** Fewer finite scores than elites, or none. */
  private static OpCase hopeless(int rows, int bad) {
    return OpCase.of(
        Op.SEQUENCE_REFIT,
        "%d of %d scores not finite".formatted(bad, rows),
        rows,
        m -> {
          int[] at = {0};
          Buffer objective =
              m.fill(rows, () -> at[0]++ < bad ? Double.POSITIVE_INFINITY : 0.5 * at[0]);
          return refit(m, new int[] {rows, 1, 2, 3, rows - 1}, 0, 0.1f, objective);
        });
  }

  private static OpCase gather(
      int rows,
      int candidates,
      int states,
      int actions,
      boolean common,
      boolean rooted,
      int count) {
    return OpCase.of(
        Op.SEQUENCE_GATHER,
        "%dx(%d,%d) of %d count %d%s%s"
            .formatted(
                rows,
                states,
                actions,
                candidates,
                count,
                common ? " common" : "",
                rooted ? " rooted" : ""),
        1,
        m ->
            new SequenceGather(
                rows,
                candidates,
                states,
                actions,
                common,
                m.normals(common ? states : (long) rows * states),
                m.normals((long) candidates * actions),
                m.permutation(rows),
                rooted ? m.permutation(rows) : null,
                m.count(count),
                m.out((long) rows * states),
                m.out(rows),
                m.out((long) rows * actions)));
  }

  private static OpCase score(int rows, int states) {
    return OpCase.of(
        Op.SEQUENCE_SCORE,
        rows + "x" + states,
        1,
        m ->
            new SequenceScore(
                rows,
                states,
                0.95f,
                m.normals((long) rows * states),
                m.fill(rows, () -> m.random().nextInt(9) == 0 ? Double.NaN : 1.5),
                m.flags(rows, 0.2),
                m.normals((long) rows * states),
                m.flags(rows, 0.7),
                m.normals(rows),
                m.out(rows)));
  }

  private static OpCase clamp(int words) {
    return OpCase.of(
        Op.CLAMP, "" + words, 1, m -> new Clamp(words, -0.5f, 0.75f, m.normals(words)));
  }
}
