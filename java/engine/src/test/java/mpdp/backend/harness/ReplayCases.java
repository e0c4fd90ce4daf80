package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.GatherRows;
import mpdp.backend.op.ModelGather;
import mpdp.backend.op.Op;
import mpdp.backend.op.ReplayGather;
import mpdp.backend.op.ReplayMoments;
import mpdp.backend.op.RouteRows;
import mpdp.tensor.Buffer;

/** Cases of ops that read the replay ring or reorder rows. */
final class ReplayCases {
  private static final int REAL_SIZE = 1500;

  private ReplayCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int[][] sizes = {{1, 1, 1}, {2, 3, 1}, {15, 4, 2}, {16, 11, 3}, {17, 16, 5}, {33, 31, 17}};
    for (int[] size : sizes) {
      cases.add(replay(size, 1));
      cases.add(replay(size, 997));
      cases.add(model(size, 3, 997, 5));
      cases.add(model(size, 3, 7, 2));
      cases.add(holdout(size, 997, 5, 1));
      cases.add(holdout(size, 997, 5, 6));
      cases.add(holdout(size, 4, 5, 0));
      cases.add(holdout(size, 997, 5, 0));
      cases.add(moments(size, 1, true));
      cases.add(moments(size, 997, true));
      cases.add(moments(size, 997, false));
    }
    for (int count : new int[] {NO_COUNT, 0, 1, 16, 33, 99}) {
      reorder(cases, 33, count);
    }
    for (int rows : new int[] {1, 2, 15, 17, 31, 1000, 3001}) {
      reorder(cases, rows, NO_COUNT);
    }
    cases.add(moments(new int[] {1, 3, 2}, 5003, true));
    int[] real = {256, 27, 8};
    cases.add(replay(real, REAL_SIZE).asReal());
    cases.add(model(real, 7, REAL_SIZE, 10).asReal());
    cases.add(moments(real, REAL_SIZE, true).asReal());
    for (int rows : new int[] {256, 7000, 100_000}) { // a batch, planning, and far beyond
      cases.add(route(rows, 7, 5, NO_COUNT, rows == 256, rows == 256).asReal());
    }
    cases.add(gather(256, 24, false, NO_COUNT).asReal());
    return cases;
  }

  private static void reorder(List<OpCase> cases, int rows, int count) {
    cases.add(route(rows, 7, 5, count, false, true));
    cases.add(route(rows, 7, 5, count, true, false));
    cases.add(route(rows, 1, 1, count, true, true));
    cases.add(keep(rows, 7, count, false));
    cases.add(keep(rows, 7, count, true));
    cases.add(gather(rows, 3, false, count));
    cases.add(gather(rows, 17, true, count));
  }

  private static String label(int[] s) {
    return "%dx(%d,%d)".formatted(s[0], s[1], s[2]);
  }

  /** A ring whose values have an offset, as real observations do; the first column is constant. */
  private static Buffer ring(CaseMemory m, int[] s, int size) {
    int width = 2 * s[1] + s[2] + 2;
    int[] at = {0};
    return m.fill(
        (long) size * width,
        () -> {
          double value = 3 + m.random().nextGaussian();
          return at[0]++ % width == 0 ? 1.25 : value;
        });
  }

  private static OpCase replay(int[] s, int size) {
    return OpCase.of(
        Op.REPLAY_GATHER,
        label(s) + " of " + size,
        1,
        m ->
            new ReplayGather(
                s[0],
                s[1],
                s[2],
                21,
                ring(m, s, size),
                m.ints(size),
                m.drawState(),
                m.out(s[0]),
                m.out((long) s[0] * s[1]),
                m.out((long) s[0] * s[2]),
                m.out(s[0]),
                m.out((long) s[0] * s[1]),
                m.out(s[0])));
  }

  private static OpCase model(int[] s, int members, int size, int fold) {
    return modelGather(s, members, size, fold, 0, false);
  }

  private static OpCase holdout(int[] s, int size, int fold, int cursor) {
    return modelGather(s, 1, size, fold, cursor, true);
  }

  private static OpCase modelGather(
      int[] s, int members, int size, int fold, int cursor, boolean holdout) {
    int inputs = s[1] + s[2];
    int outputs = s[1] + 1;
    long rows = (long) members * s[0];
    return OpCase.of(
        Op.MODEL_GATHER,
        "%s members %d of %d fold %d%s"
            .formatted(label(s), members, size, fold, holdout ? " holdout " + cursor : ""),
        4,
        m ->
            new ModelGather(
                members,
                s[0],
                s[1],
                s[2],
                fold,
                31,
                holdout,
                2,
                ring(m, s, size),
                m.ints(size),
                m.ints(6, cursor),
                m.drawState(),
                m.normals(inputs),
                m.uniforms(inputs, 0.5, 2),
                m.normals(outputs),
                m.uniforms(outputs, 0.5, 2),
                m.out(rows * inputs),
                m.out(rows * outputs),
                m.out(1)));
  }

  private static OpCase moments(int[] s, int size, boolean targets) {
    int inputs = s[1] + s[2];
    int outputs = s[1] + 1;
    return OpCase.of(
        Op.REPLAY_MOMENTS,
        "%s of %d%s".formatted(label(s), size, targets ? " targets" : ""),
        1,
        m ->
            new ReplayMoments(
                s[1],
                s[2],
                targets,
                ring(m, s, size),
                m.ints(size),
                m.out(inputs),
                m.out(inputs),
                m.normals(outputs),
                m.normals(outputs)));
  }

  private static OpCase route(
      int rows, int members, int elites, int count, boolean placed, boolean rooted) {
    return OpCase.of(
        Op.ROUTE_ROWS,
        "%d members %d elites %d count %d%s%s"
            .formatted(
                rows, members, elites, count, placed ? " placed" : "", rooted ? " rooted" : ""),
        1,
        m ->
            new RouteRows(
                members,
                rows,
                elites,
                41,
                m.indices(elites, members),
                m.drawState(),
                m.count(count),
                rooted ? m.permutation(rows) : null,
                null,
                m.out(rows),
                placed ? m.out(rows) : null,
                m.out(members + 1),
                m.out(rows)));
  }

  /** Rows that stay with the member that their root was given before. */
  private static OpCase keep(int rows, int members, int count, boolean rooted) {
    return OpCase.of(
        Op.ROUTE_ROWS,
        "%d members %d count %d kept%s".formatted(rows, members, count, rooted ? " rooted" : ""),
        1,
        m ->
            new RouteRows(
                members,
                rows,
                members,
                41,
                m.indices(members, members),
                m.drawState(),
                m.count(count),
                rooted ? m.permutation(rows) : null,
                m.indices(rows, members),
                m.out(rows),
                rooted ? m.out(rows) : null,
                m.out(members + 1),
                m.out(rows)));
  }

  private static OpCase gather(int rows, int width, boolean scatter, int count) {
    return OpCase.of(
        Op.GATHER_ROWS,
        "%dx%d count %d%s".formatted(rows, width, count, scatter ? " scatter" : ""),
        1,
        m ->
            new GatherRows(
                rows,
                width,
                scatter,
                m.normals((long) rows * width),
                m.permutation(rows),
                m.count(count),
                m.normals((long) rows * width)));
  }
}
