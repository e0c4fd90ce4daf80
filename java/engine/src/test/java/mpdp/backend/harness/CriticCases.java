package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.CriticLoss;
import mpdp.backend.op.CriticTarget;
import mpdp.backend.op.ExpansionTarget;
import mpdp.backend.op.Op;
import mpdp.backend.op.TailValue;
import mpdp.tensor.Buffer;

/** Cases of critics and their targets. */
final class CriticCases {
  private CriticCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int[][] sizes = {{1, 1}, {2, 2}, {15, 1}, {16, 2}, {17, 5}, {31, 3}, {33, 2}, {100, 2}};
    for (int[] size : sizes) {
      cases.add(tail(size[0], size[1], true));
      cases.add(tail(size[0], size[1], false));
      cases.add(target(size[0], size[1]));
      cases.add(loss(size[0], size[1], NO_COUNT));
      cases.add(expansion(size[0], true, false, NO_COUNT));
      cases.add(expansion(size[0], false, true, NO_COUNT));
    }
    for (int count : new int[] {0, 1, 16, 33, 99}) {
      cases.add(loss(33, 2, count));
      cases.add(expansion(33, true, true, count));
    }
    cases.add(tail(256, 2, true).asReal());
    cases.add(target(256, 2).asReal());
    cases.add(loss(256, 2, NO_COUNT).asReal());
    cases.add(expansion(256, true, true, NO_COUNT).asReal());
    return cases;
  }

  /** Half-integers, so that critics tie now and then. */
  private static Buffer q(CaseMemory m, int rows, int critics) {
    return m.fill((long) rows * critics, () -> Math.rint(2 * m.random().nextGaussian()) / 2);
  }

  private static OpCase tail(int rows, int critics, boolean weighted) {
    return OpCase.of(
        Op.TAIL_VALUE,
        "%dx%d%s".formatted(critics, rows, weighted ? " weight" : ""),
        1,
        m ->
            new TailValue(
                rows,
                critics,
                q(m, rows, critics),
                m.normals(rows),
                m.floats(0.2f),
                weighted ? m.uniforms(rows, 0, 1) : null,
                m.out(rows),
                m.normals(rows),
                m.out((long) rows * critics),
                m.out(rows)));
  }

  private static OpCase target(int rows, int critics) {
    return OpCase.of(
        Op.CRITIC_TARGET,
        "%dx%d".formatted(critics, rows),
        1,
        m ->
            new CriticTarget(
                rows,
                critics,
                0.99f,
                m.normals((long) rows * critics),
                m.normals(rows),
                m.floats(0.2f),
                m.normals(rows),
                m.flags(rows, 0.3),
                m.out(rows)));
  }

  private static OpCase loss(int rows, int critics, int count) {
    return OpCase.of(
        Op.CRITIC_LOSS,
        "%dx%d count %d".formatted(critics, rows, count),
        rows,
        m ->
            new CriticLoss(
                rows,
                critics,
                0.7f,
                m.normals((long) rows * critics),
                m.normals(rows),
                m.count(count),
                m.out((long) rows * critics),
                m.out(critics)));
  }

  private static OpCase expansion(int rows, boolean goesOn, boolean rooted, int count) {
    int roots = rooted ? rows + 5 : rows;
    return OpCase.of(
        Op.EXPANSION_TARGET,
        "%d count %d%s%s".formatted(rows, count, goesOn ? "" : " last", rooted ? " rooted" : ""),
        1,
        m ->
            new ExpansionTarget(
                rows,
                roots,
                0.99f,
                m.normals(rows),
                m.flags(rows, 0.3),
                RolloutCases.child(m, rows, goesOn),
                rooted ? m.indices(rows, roots) : null,
                goesOn ? m.normals(rows) : null,
                goesOn ? m.normals(rows) : null,
                m.normals(roots),
                m.floats(0.2f),
                m.count(count),
                m.out(rows)));
  }
}
