package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleSupplier;
import mpdp.backend.harness.Differences;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.tensor.Buffer;
import org.junit.jupiter.api.Test;

/** Backward passes of the policy head and of the input standardisation against differences. */
class PolicyGradientTest {
  private static final int ROWS = 5;
  private static final int ACTIONS = 2;

  @Test
  void squashedGaussian() {
    try (Differences d = new Differences()) {
      int[] at = {0};
      Buffer head =
          d.fill(
              2 * ROWS * ACTIONS,
              () -> 0.7 * d.random().nextGaussian() - (at[0]++ % (2 * ACTIONS) < ACTIONS ? 0 : 1));
      Buffer action = d.zeros(ROWS * ACTIONS);
      Buffer logProb = d.zeros(ROWS);
      Buffer eps = d.zeros(ROWS * ACTIONS);
      SquashedGaussian forward =
          new SquashedGaussian(
              ROWS, ACTIONS, 9, false, head, d.ints(5, 6, 7, 8), null, null, action, logProb, eps);
      d.run(forward);
      Buffer dAction = d.normals(ROWS * ACTIONS);
      Buffer dLogProb = d.normals(ROWS);
      Buffer dHead = d.zeros(head.words());
      d.run(
          new SquashedGaussianBackward(
              ROWS, ACTIONS, head, action, eps, dAction, dLogProb, null, dHead));
      d.check(
          "dHead",
          head,
          dHead,
          () -> {
            d.run(forward);
            return Differences.dot(action, dAction) + Differences.dot(logProb, dLogProb);
          });
    }
  }

  @Test
  void theLogStdClampPassesNoGradientOutside() {
    try (Differences d = new Differences()) {
      Buffer dHead = d.zeros(6);
      d.run(
          new SquashedGaussianBackward(
              3,
              1,
              d.floats(0, -20.5f, 0, 2.5f, 0, 1),
              d.floats(0, 0.5f, 0.5f),
              d.floats(1, 1, 1),
              d.floats(1, 1, 1),
              d.floats(1, 1, 1),
              null,
              dHead));
      assertThat(dHead.get(1)).isZero();
      assertThat(dHead.get(3)).isZero();
      assertThat(dHead.get(5)).isNotZero();
    }
  }

  @Test
  void normalize() {
    int states = 3;
    try (Differences d = new Differences()) {
      Buffer state = d.normals(ROWS * states);
      Buffer action = d.normals(ROWS * ACTIONS);
      Buffer inverse = d.fill(states + ACTIONS, () -> d.random().nextDouble(0.5, 2));
      Buffer x = d.zeros(ROWS * (states + ACTIONS));
      Normalize forward =
          new Normalize(ROWS, states, ACTIONS, state, action, d.normals(5), inverse, null, null, x);
      Buffer dx = d.normals(x.words());
      Buffer dState = d.zeros(state.words());
      Buffer dAction = d.zeros(action.words());
      d.run(
          new NormalizeBackward(
              ROWS, states, ACTIONS, false, false, dx, inverse, null, null, dState, dAction));
      DoubleSupplier loss =
          () -> {
            d.run(forward);
            return Differences.dot(x, dx);
          };
      d.check("dState", state, dState, loss);
      d.check("dAction", action, dAction, loss);
    }
  }
}
