package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.Op;
import mpdp.backend.op.RestartStates;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/** Cases of the rollout's bookkeeping. Later steps have more roots than rows present. */
final class RolloutCases {
  private RolloutCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int rows : new int[] {1, 2, 15, 16, 17, 31, 33, 100, 257}) {
      allOf(cases, rows, 3, NO_COUNT);
    }
    cases.add(advance(70_001, 2, true, true, false, NO_COUNT));
    for (int count : new int[] {0, 1, 16, 33, 99}) {
      allOf(cases, 33, 17, count);
    }
    cases.add(advance(256, 27, true, true, false, NO_COUNT).asReal());
    cases.add(advanceBackward(256, 27, true, true, NO_COUNT).asReal());
    cases.add(objective(256, true, true, NO_COUNT).asReal());
    cases.add(restart(256, 27).asReal());
    cases.add(restart(17, 1));
    return cases;
  }

  private static void allOf(List<OpCase> cases, int rows, int states, int count) {
    for (boolean rooted : new boolean[] {false, true}) {
      cases.add(advance(rows, states, rooted, true, false, count));
      cases.add(advance(rows, states, rooted, false, false, count));
      cases.add(advance(rows, states, rooted, true, true, count));
      cases.add(advanceBackward(rows, states, rooted, true, count));
      cases.add(advanceBackward(rows, states, rooted, false, count));
      cases.add(objective(rows, rooted, true, count));
      cases.add(objective(rows, rooted, false, count));
    }
  }

  private static int roots(int rows, boolean rooted) {
    return rooted ? rows + 3 : rows;
  }

  /** Distinct roots for every row, or null. */
  private static @Nullable Buffer root(CaseMemory m, int rows, boolean rooted) {
    return rooted ? m.permutation(roots(rows, true)).slice(0, rows) : null;
  }

  private static OpCase advance(
      int rows, int states, boolean rooted, boolean uncertain, boolean last, int count) {
    int roots = roots(rows, rooted);
    return OpCase.of(
        Op.ROLLOUT_ADVANCE,
        "%dx%d count %d%s%s%s"
            .formatted(
                rows,
                states,
                count,
                rooted ? " rooted" : "",
                uncertain ? " uncertainty" : "",
                last ? " last" : ""),
        1,
        m ->
            new RolloutAdvance(
                rows,
                roots,
                states,
                4,
                last,
                0.7f,
                0.95f,
                m.normals((long) rows * states),
                uncertain ? uncertainty(m, rows) : null,
                m.flags(rows, 0.2),
                root(m, rows, rooted),
                m.count(count),
                m.out(rows),
                m.out(1),
                m.out(rows),
                m.out((long) rows * states),
                m.normals((long) roots * states),
                m.normals(roots),
                m.normals(roots)));
  }

  /** Around the threshold, with a NaN now and then. */
  private static Buffer uncertainty(CaseMemory m, int rows) {
    return m.fill(rows, () -> m.random().nextInt(10) == 0 ? Double.NaN : m.random().nextGaussian());
  }

  private static OpCase advanceBackward(
      int rows, int states, boolean rooted, boolean goesOn, int count) {
    int roots = roots(rows, rooted);
    return OpCase.of(
        Op.ROLLOUT_ADVANCE_BACKWARD,
        "%dx%d count %d%s%s"
            .formatted(rows, states, count, rooted ? " rooted" : "", goesOn ? "" : " last"),
        1,
        m ->
            new RolloutAdvanceBackward(
                rows,
                roots,
                states,
                child(m, rows, goesOn),
                root(m, rows, rooted),
                goesOn ? m.normals((long) rows * states) : null,
                m.normals((long) roots * states),
                m.count(count),
                m.out((long) rows * states)));
  }

  /** Ascending places of the rows that go on, -1 for the others. */
  static Buffer child(CaseMemory m, int rows, boolean goesOn) {
    int[] child = new int[rows];
    int next = 0;
    for (int i = 0; i < rows; i++) {
      child[i] = goesOn && m.random().nextBoolean() ? next++ : -1;
    }
    return m.ints(child);
  }

  private static OpCase objective(int rows, boolean rooted, boolean penalised, int count) {
    int roots = roots(rows, rooted);
    return OpCase.of(
        Op.ROLLOUT_OBJECTIVE,
        "%d count %d%s%s"
            .formatted(rows, count, rooted ? " rooted" : "", penalised ? " penalty" : ""),
        1,
        m ->
            new RolloutObjective(
                rows,
                roots,
                0.9f,
                0.5f,
                m.normals(rows),
                m.normals(rows),
                penalised ? m.normals(rows) : null,
                m.floats(0.2f),
                root(m, rows, rooted),
                m.count(count),
                m.normals(roots),
                m.out(rows),
                m.out(rows),
                penalised ? m.out(rows) : null));
  }

  private static OpCase restart(int rows, int states) {
    return OpCase.of(
        Op.RESTART_STATES,
        rows + "x" + states,
        1,
        m ->
            new RestartStates(
                rows,
                states,
                11,
                0.3f,
                child(m, rows, true),
                m.normals((long) rows * states),
                m.normals((long) rows * states),
                m.drawState(),
                m.out((long) rows * states)));
  }
}
