package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleSupplier;
import mpdp.backend.harness.Differences;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;
import mpdp.backend.op.UncertaintyScale;
import mpdp.tensor.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Backward passes of the ensemble's heads against differences. */
class ModelGradientTest {
  private static final int MEMBERS = 3;
  private static final int ROWS = 4;
  private static final int DIMENSIONS = 3;

  private static Buffer bounds(Differences d) {
    return d.floats(0.5f, 0.75f, 0.25f, -2, -1.5f, -1);
  }

  @ParameterizedTest
  @CsvSource({"false,4", "true,4", "false,2", "true,2"})
  void gaussianNll(boolean privateTargets, int count) {
    try (Differences d = new Differences()) {
      Buffer heads = d.normals(2L * MEMBERS * ROWS * DIMENSIONS);
      Buffer bounds = bounds(d);
      Buffer loss = d.zeros(MEMBERS);
      Buffer dHeads = d.zeros(heads.words());
      Buffer dBounds = d.zeros(bounds.words());
      float weight = 0.25f;
      GaussianNll nll =
          new GaussianNll(
              MEMBERS,
              ROWS,
              DIMENSIONS,
              privateTargets,
              weight,
              heads,
              d.normals((privateTargets ? MEMBERS : 1) * ROWS * DIMENSIONS),
              bounds,
              d.ints(count),
              loss,
              d.zeros(MEMBERS),
              dHeads,
              dBounds);
      d.run(nll);
      Buffer gradient = d.floats(dHeads.floats());
      Buffer boundsGradient = d.floats(dBounds.floats());
      Buffer ones = d.floats(1, 1, 1);
      d.check("dHeads", heads, gradient, () -> rerun(d, nll, ones));
      d.check(
          "dBounds",
          bounds,
          boundsGradient,
          () -> rerun(d, nll, ones) + weight * spread(bounds.floats()));
    }
  }

  private static double rerun(Differences d, GaussianNll nll, Buffer ones) {
    d.run(nll);
    return Differences.dot(nll.loss(), ones);
  }

  /** sum max - sum min. */
  private static double spread(float[] bounds) {
    double spread = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      spread += (double) bounds[i] - bounds[DIMENSIONS + i];
    }
    return spread;
  }

  @ParameterizedTest
  @CsvSource({"1, false", "0.5, false", "0, false", "1, true"})
  void transitionSample(float noise, boolean placed) {
    int states = DIMENSIONS - 1;
    try (Differences d = new Differences()) {
      Buffer heads = d.normals(2L * MEMBERS * ROWS * DIMENSIONS);
      Buffer bounds = bounds(d);
      Buffer scale = d.floats(0.5f, 2, 1.5f);
      Buffer state = d.normals(ROWS * states);
      Buffer next = d.zeros(ROWS * states);
      Buffer reward = d.zeros(ROWS);
      Buffer chosen = d.zeros(ROWS);
      Buffer eps = d.zeros(ROWS * DIMENSIONS);
      Buffer place = placed ? d.ints(2, 0, 3, 1) : null;
      TransitionSample sample =
          new TransitionSample(
              MEMBERS,
              ROWS,
              states,
              2,
              5,
              noise,
              heads,
              bounds,
              d.normals(DIMENSIONS),
              scale,
              state,
              d.ints(2, 0),
              d.ints(1, 2, 3, 4),
              null,
              null,
              place,
              next,
              reward,
              chosen,
              eps);
      Buffer dNext = d.normals(next.words());
      Buffer dReward = d.normals(ROWS);
      Buffer dHeads = d.zeros(heads.words());
      Buffer dState = d.zeros(state.words());
      d.run(
          sample,
          new TransitionSampleBackward(
              MEMBERS, ROWS, states, noise, false, false, heads, bounds, scale, chosen, eps, dNext,
              dReward, null, place, dHeads, dState));
      DoubleSupplier loss =
          () -> {
            d.run(sample);
            return Differences.dot(next, dNext) + Differences.dot(reward, dReward);
          };
      d.check("dHeads", heads, dHeads, loss);
      d.check("dState", state, dState, loss);
    }
  }

  @ParameterizedTest
  @EnumSource(UncertaintyScale.class)
  void disagreement(UncertaintyScale scale) {
    float threshold = 0.25f;
    try (Differences d = new Differences()) {
      Buffer heads =
          d.fill(2L * MEMBERS * ROWS * DIMENSIONS, () -> 0.5 * d.random().nextGaussian());
      Buffer bounds = bounds(d);
      Buffer penalty = d.zeros(ROWS);
      Buffer dPenalty = d.normals(ROWS);
      Buffer dHeads = d.zeros(heads.words());
      Disagreement forward =
          new Disagreement(
              MEMBERS,
              ROWS,
              DIMENSIONS,
              scale,
              threshold,
              heads,
              bounds,
              null,
              d.zeros(ROWS),
              penalty);
      d.run(
          new DisagreementBackward(
              MEMBERS,
              ROWS,
              DIMENSIONS,
              scale,
              threshold,
              false,
              heads,
              bounds,
              dPenalty,
              null,
              dHeads));
      d.check(
          "dHeads",
          heads,
          dHeads,
          () -> {
            d.run(forward);
            return Differences.dot(penalty, dPenalty);
          });
    }
  }

  @Test
  void membersThatAgreeHaveNoUncertaintyAndAGradientOfZero() {
    try (Differences d = new Differences()) {
      Buffer heads = d.floats(0.5f, -1, 0.5f, -1, 0.5f, -1);
      Buffer bounds = d.floats(0.5f, -2);
      Buffer u = d.zeros(1);
      Buffer dHeads = d.normals(heads.words());
      d.run(
          new Disagreement(3, 1, 1, UncertaintyScale.RAW, 0, heads, bounds, null, u, d.zeros(1)),
          new DisagreementBackward(
              3, 1, 1, UncertaintyScale.RAW, 0, false, heads, bounds, d.floats(1), null, dHeads));
      assertThat(u.get(0)).isBetween(-1e-7f, 1e-7f);
      assertThat(dHeads.floats()).usingComparatorWithPrecision(1e-6f).containsOnly(0);
    }
  }
}
