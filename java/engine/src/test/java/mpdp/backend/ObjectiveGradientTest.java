package mpdp.backend;

import java.util.function.DoubleSupplier;
import mpdp.backend.harness.Differences;
import mpdp.backend.op.CriticLoss;
import mpdp.backend.op.Fill;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.backend.op.TailValue;
import mpdp.tensor.Buffer;
import org.junit.jupiter.api.Test;

/** Gradients of the plan objective, its tail and the critics' loss against differences. */
class ObjectiveGradientTest {
  private static final int ROWS = 5;

  /** Minus the mean over roots, which is what the gradients descend. */
  private static double loss(Buffer objective) {
    double sum = 0;
    for (float value : objective.floats()) {
      sum += value;
    }
    return -sum / objective.words();
  }

  @Test
  void rolloutObjective() {
    int roots = 7;
    try (Differences d = new Differences()) {
      Buffer reward = d.normals(ROWS);
      Buffer logProb = d.normals(ROWS);
      Buffer penalty = d.normals(ROWS);
      Buffer objective = d.zeros(roots);
      Buffer dReward = d.zeros(ROWS);
      Buffer dLogProb = d.zeros(ROWS);
      Buffer dPenalty = d.zeros(ROWS);
      RolloutObjective forward =
          new RolloutObjective(
              ROWS,
              roots,
              0.9f,
              0.5f,
              reward,
              logProb,
              penalty,
              d.floats(0.2f),
              d.ints(6, 0, 3, 2, 5),
              d.ints(4),
              objective,
              dReward,
              dLogProb,
              dPenalty);
      d.run(forward);
      DoubleSupplier loss =
          () -> {
            d.run(new Fill(roots, 0, objective), forward);
            return loss(objective);
          };
      d.check("dReward", reward, dReward, loss);
      d.check("dLogProb", logProb, dLogProb, loss);
      d.check("dPenalty", penalty, dPenalty, loss);
    }
  }

  @Test
  void tailValue() {
    try (Differences d = new Differences()) {
      // Critics at least 1/2 apart: no step changes which one is the smallest.
      Buffer q = d.floats(1, 2, -3, 0.5f, 2, 0, 3, -1, 1, 1);
      Buffer logProb = d.normals(ROWS);
      Buffer objective = d.zeros(ROWS);
      Buffer dQ = d.zeros(q.words());
      Buffer dLogProb = d.zeros(ROWS);
      TailValue forward =
          new TailValue(
              ROWS,
              2,
              q,
              logProb,
              d.floats(0.2f),
              d.floats(0.5f, 0, 1, 0.25f, 0.75f),
              d.zeros(ROWS),
              objective,
              dQ,
              dLogProb);
      DoubleSupplier loss =
          () -> {
            d.run(new Fill(ROWS, 0, objective), forward);
            return loss(objective);
          };
      d.run(forward);
      d.check("dQ", q, d.floats(dQ.floats()), loss);
      d.check("dLogProb", logProb, dLogProb, loss);
    }
  }

  @Test
  void criticLoss() {
    float weight = 0.5f;
    try (Differences d = new Differences()) {
      Buffer q = d.normals(2 * ROWS);
      Buffer loss = d.zeros(2);
      Buffer dQ = d.zeros(q.words());
      CriticLoss forward = new CriticLoss(ROWS, 2, weight, q, d.normals(ROWS), null, dQ, loss);
      d.run(forward);
      d.check(
          "dQ",
          q,
          d.floats(dQ.floats()),
          () -> {
            d.run(forward);
            return weight * (loss.get(0) + loss.get(1));
          });
    }
  }

  @Test
  void rolloutAdvance() {
    int states = 2;
    int roots = 6;
    try (Differences d = new Differences()) {
      Buffer next = d.normals(ROWS * states);
      Buffer root = d.ints(4, 1, 5, 0, 2);
      Buffer child = d.zeros(ROWS);
      Buffer nextState = d.zeros(ROWS * states);
      Buffer tailState = d.zeros(roots * states);
      RolloutAdvance forward =
          new RolloutAdvance(
              ROWS,
              roots,
              states,
              2,
              false,
              0.5f,
              0.9f,
              next,
              d.floats(0, 1, Float.NaN, 0.25f, 0.25f),
              d.floats(0, 0, 0, 1, 0),
              root,
              null,
              child,
              d.zeros(1),
              d.zeros(ROWS),
              nextState,
              tailState,
              d.zeros(roots),
              d.zeros(roots));
      Buffer dNextState = d.normals(nextState.words());
      Buffer dTailState = d.normals(tailState.words());
      Buffer dNext = d.zeros(next.words());
      d.run(
          forward,
          new RolloutAdvanceBackward(
              ROWS, roots, states, child, root, dNextState, dTailState, null, dNext));
      d.check(
          "dNext",
          next,
          dNext,
          () -> {
            d.run(forward);
            return Differences.dot(nextState, dNextState) + Differences.dot(tailState, dTailState);
          });
    }
  }
}
