package mpdp.backend.harness;

import static mpdp.backend.harness.CaseMemory.NO_COUNT;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.Op;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;
import mpdp.backend.op.UncertaintyScale;
import mpdp.tensor.Buffer;

/** Cases of the probabilistic ensemble's heads. */
final class ModelCases {
  private static final int[][] MEMBERS_ROWS_DIMENSIONS = {
    {2, 1, 1},
    {2, 2, 3},
    {3, 15, 2},
    {5, 16, 7},
    {7, 17, 12},
    {4, 31, 16},
    {3, 33, 17},
    {2, 3, 150},
    {2, 1100, 1}
  };
  private static final int[] REAL = {7, 256, 12};

  private ModelCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (int[] size : MEMBERS_ROWS_DIMENSIONS) {
      allOf(cases, size, NO_COUNT);
    }
    for (int count : new int[] {0, 1, 16, 33, 99}) {
      allOf(cases, new int[] {3, 33, 5}, count);
    }
    cases.add(nll(new int[] {1, 9, 4}, true, 0.01f, true, true, NO_COUNT));
    cases.add(nll(REAL, true, 0.01f, true, true, NO_COUNT).asReal());
    cases.add(transition(REAL, 5, 1, NO_COUNT, false, true).asReal());
    cases.add(transitionBackward(REAL, 1, true, NO_COUNT, false).asReal());
    int[] routed = {1, REAL[1], REAL[2]};
    cases.add(transition(routed, 1, 1, NO_COUNT, true, true).asReal());
    cases.add(transitionBackward(routed, 1, false, NO_COUNT, true).asReal());
    cases.add(disagreement(REAL, UncertaintyScale.LOG, NO_COUNT).asReal());
    cases.add(disagreementBackward(REAL, UncertaintyScale.LOG, true, NO_COUNT).asReal());
    return cases;
  }

  private static void allOf(List<OpCase> cases, int[] size, int count) {
    cases.add(nll(size, false, 0.01f, true, true, count));
    cases.add(nll(size, true, 0, true, false, count));
    cases.add(nll(size, false, 0.5f, false, true, count));
    cases.add(nll(size, true, 0.5f, false, false, count));
    for (boolean placed : new boolean[] {false, true}) {
      cases.add(transition(size, size[0], 1, count, placed, false));
      cases.add(transition(size, size[0], 1, count, placed, true));
      cases.add(transition(size, 1, 0, count, placed, false));
      cases.add(transitionBackward(size, 1, false, count, placed));
      cases.add(transitionBackward(size, 0.5f, true, count, placed));
    }
    for (UncertaintyScale scale : UncertaintyScale.values()) {
      cases.add(disagreement(size, scale, count));
      cases.add(disagreementBackward(size, scale, false, count));
      cases.add(disagreementBackward(size, scale, true, count));
    }
  }

  private static String label(int[] size, int count) {
    return "%dx%dx%d count %d".formatted(size[0], size[1], size[2], count);
  }

  private static long heads(int[] size) {
    return 2L * size[0] * size[1] * size[2];
  }

  /** Upper bounds around 0.5, then lower ones around -4. */
  private static Buffer bounds(CaseMemory m, int dimensions) {
    float[] bounds = new float[2 * dimensions];
    for (int d = 0; d < dimensions; d++) {
      bounds[d] = (float) (0.5 + 0.1 * m.random().nextGaussian());
      bounds[dimensions + d] = (float) (-4 + 0.5 * m.random().nextGaussian());
    }
    return m.floats(bounds);
  }

  private static OpCase nll(
      int[] s, boolean privateTargets, float weight, boolean dHeads, boolean dBounds, int count) {
    return OpCase.of(
        Op.GAUSSIAN_NLL,
        "%s%s weight %s%s%s"
            .formatted(
                label(s, count),
                privateTargets ? " private" : "",
                weight,
                dHeads ? " dHeads" : "",
                dBounds ? " dBounds" : ""),
        (double) s[0] * s[1] * s[2],
        m ->
            new GaussianNll(
                s[0],
                s[1],
                s[2],
                privateTargets,
                weight,
                m.normals(heads(s)),
                m.normals((privateTargets ? (long) s[0] : 1L) * s[1] * s[2]),
                bounds(m, s[2]),
                m.count(count),
                m.out(s[0]),
                m.out(s[0]),
                dHeads ? m.out(heads(s)) : null,
                dBounds ? m.out(2L * s[2]) : null));
  }

  private static OpCase transition(
      int[] s, int elites, float noise, int count, boolean placed, boolean rooted) {
    int states = s[2];
    int dimensions = states + 1;
    long rows = s[1];
    return OpCase.of(
        Op.TRANSITION_SAMPLE,
        "%s elites %d noise %s%s%s"
            .formatted(
                label(s, count), elites, noise, placed ? " placed" : "", rooted ? " rooted" : ""),
        1,
        m ->
            new TransitionSample(
                s[0],
                s[1],
                states,
                elites,
                7,
                noise,
                m.normals(2L * s[0] * rows * dimensions),
                bounds(m, dimensions),
                m.normals(dimensions),
                m.uniforms(dimensions, 0.5, 2),
                m.normals(rows * states),
                m.indices(elites, s[0]),
                m.drawState(),
                m.count(count),
                rooted ? m.permutation(s[1]) : null,
                placed ? m.permutation(s[1]) : null,
                m.out(rows * states),
                m.out(rows),
                m.out(rows),
                m.out(rows * dimensions)));
  }

  private static OpCase transitionBackward(
      int[] s, float noise, boolean accumulate, int count, boolean placed) {
    int states = s[2];
    int dimensions = states + 1;
    long rows = s[1];
    return OpCase.of(
        Op.TRANSITION_SAMPLE_BACKWARD,
        "%s noise %s%s%s"
            .formatted(
                label(s, count), noise, accumulate ? " accumulate" : "", placed ? " placed" : ""),
        1,
        m ->
            new TransitionSampleBackward(
                s[0],
                s[1],
                states,
                noise,
                accumulate,
                accumulate,
                m.normals(2L * s[0] * rows * dimensions),
                bounds(m, dimensions),
                m.uniforms(dimensions, 0.5, 2),
                m.indices(s[1], s[0]),
                m.normals(rows * dimensions),
                m.normals(rows * states),
                m.normals(rows),
                m.count(count),
                placed ? m.permutation(s[1]) : null,
                m.updated(2L * s[0] * rows * dimensions, accumulate),
                m.updated(rows * states, accumulate)));
  }

  private static OpCase disagreement(int[] s, UncertaintyScale scale, int count) {
    return OpCase.of(
        Op.DISAGREEMENT,
        label(s, count) + " " + scale,
        (double) s[0] * s[2],
        m ->
            new Disagreement(
                s[0],
                s[1],
                s[2],
                scale,
                -0.5f,
                m.normals(heads(s)),
                bounds(m, s[2]),
                m.count(count),
                m.out(s[1]),
                m.out(s[1])));
  }

  private static OpCase disagreementBackward(
      int[] s, UncertaintyScale scale, boolean accumulate, int count) {
    return OpCase.of(
        Op.DISAGREEMENT_BACKWARD,
        "%s %s%s".formatted(label(s, count), scale, accumulate ? " accumulate" : ""),
        (double) s[0] * s[2],
        m ->
            new DisagreementBackward(
                s[0],
                s[1],
                s[2],
                scale,
                -0.5f,
                accumulate,
                m.normals(heads(s)),
                bounds(m, s[2]),
                m.normals(s[1]),
                m.count(count),
                m.updated(heads(s), accumulate)));
  }
}
