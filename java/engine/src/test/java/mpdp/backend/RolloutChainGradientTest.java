package mpdp.backend;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.harness.Differences;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.Fill;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.Operation;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;
import mpdp.backend.op.UncertaintyScale;
import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The plan objective of a two-step imagined rollout, differentiated through policies, ensemble,
 * penalty and the compaction between the steps, against differences in the policies' weights.
 */
class RolloutChainGradientTest {
  private static final int ROOTS = 5;
  private static final int STATES = 2;
  private static final int ACTIONS = 2;
  private static final int INPUTS = STATES + ACTIONS;
  private static final int OUTPUTS = STATES + 1;
  private static final int MEMBERS = 3;
  private static final float BETA = 0.5f;
  private static final float THRESHOLD = 0.5f;
  private static final MlpShape POLICIES =
      new MlpShape(2, STATES, 4, 1, 2 * ACTIONS, Activation.SILU, false);
  private static final MlpShape MODEL =
      new MlpShape(MEMBERS, INPUTS, 5, 1, 2 * OUTPUTS, Activation.SILU, false);

  @Test
  void policiesAndStartStates() {
    try (Differences d = new Differences()) {
      Rollout rollout = new Rollout(d);
      Operation[] forward = rollout.forward.toArray(Operation[]::new);
      d.run(forward);
      d.run(rollout.backward.toArray(Operation[]::new));
      d.check(
          "policies",
          rollout.policies,
          rollout.dPolicies,
          () -> {
            d.run(forward);
            return rollout.loss();
          });
      d.check(
          "start states",
          rollout.first.state,
          rollout.first.dState,
          () -> {
            d.run(forward);
            return rollout.loss();
          });
    }
  }

  /** Two steps and what they share. */
  private static final class Rollout {
    final List<Operation> forward = new ArrayList<>();
    final List<Operation> backward = new ArrayList<>();
    final Differences d;
    final Buffer policies;
    final Buffer dPolicies;
    final Buffer model;
    final Buffer bounds;
    final Buffer random;
    final Buffer alpha;
    final Buffer objective;
    final Buffer tailState;
    final Buffer dTailState;
    final Step first;

    Rollout(Differences d) {
      this.d = d;
      policies = d.fill(POLICIES.parameterWords(), () -> 0.4 * d.random().nextGaussian());
      dPolicies = d.zeros(policies.words());
      model = d.fill(MODEL.parameterWords(), () -> 0.4 * d.random().nextGaussian());
      bounds = d.floats(0.5f, 0.25f, 0.5f, -2, -1.5f, -1);
      random = d.ints(3, 1, 4, 1);
      alpha = d.floats(0.2f);
      objective = d.zeros(ROOTS);
      tailState = d.zeros(ROOTS * STATES);
      dTailState = d.normals(ROOTS * STATES);
      forward.add(new Fill(ROOTS, 0, objective));
      first = new Step(this, 0, d.normals(ROOTS * STATES), null, null);
      Step second = new Step(this, 1, first.nextState, first.nextRoot, first.nextCount);
      second.backward(this, null);
      first.backward(this, second.dState);
    }

    /** Minus the mean objective, plus a linear function of the tail states. */
    double loss() {
      double sum = 0;
      for (float value : objective.floats()) {
        sum += value;
      }
      return -sum / ROOTS + Differences.dot(tailState, dTailState);
    }
  }

  /** Step h: policy h acts, the ensemble answers, some rollouts end. */
  private static final class Step {
    final int h;
    final Buffer state;
    final @Nullable Buffer root;
    final @Nullable Buffer count;
    final Buffer policyTape;
    final Buffer modelTape;
    final Buffer head;
    final Buffer action;
    final Buffer actionEps;
    final Buffer x;
    final Buffer heads;
    final Buffer chosen;
    final Buffer eps;
    final Buffer inverse;
    final Buffer scale;
    final Buffer dReward;
    final Buffer dLogProb;
    final Buffer dPenalty;
    final Buffer child;
    final Buffer nextState;
    final Buffer nextRoot;
    final Buffer nextCount;
    final Buffer dState;

    Step(Rollout r, int h, Buffer state, @Nullable Buffer root, @Nullable Buffer count) {
      Differences d = r.d;
      this.h = h;
      this.state = state;
      this.root = root;
      this.count = count;
      policyTape = d.zeros(POLICIES.tapeWords(1, ROOTS));
      modelTape = d.zeros(MODEL.tapeWords(MEMBERS, ROOTS));
      head = d.zeros(ROOTS * 2 * ACTIONS);
      action = d.zeros(ROOTS * ACTIONS);
      actionEps = d.zeros(ROOTS * ACTIONS);
      x = d.zeros(ROOTS * INPUTS);
      heads = d.zeros(MEMBERS * ROOTS * 2 * OUTPUTS);
      chosen = d.zeros(ROOTS);
      eps = d.zeros(ROOTS * OUTPUTS);
      inverse = d.floats(0.5f, 1, 1.5f, 2);
      scale = d.floats(0.5f, 0.75f, 1.25f);
      dReward = d.zeros(ROOTS);
      dLogProb = d.zeros(ROOTS);
      dPenalty = d.zeros(ROOTS);
      child = d.zeros(ROOTS);
      nextState = d.zeros(ROOTS * STATES);
      nextRoot = d.zeros(ROOTS);
      nextCount = d.zeros(1);
      dState = d.zeros(ROOTS * STATES);
      act(r, d.zeros(ROOTS), d.zeros(ROOTS * STATES));
    }

    private void act(Rollout r, Buffer logProb, Buffer next) {
      Differences d = r.d;
      Buffer reward = d.zeros(ROOTS);
      Buffer penalty = d.zeros(ROOTS);
      Buffer u = d.zeros(ROOTS);
      RowMode mode = RowMode.SHARED;
      r.forward.addAll(
          List.of(
              new MlpForward(
                  POLICIES, ROOTS, mode, h, 1, state, r.policies, null, count, policyTape, head),
              new SquashedGaussian(
                  ROOTS, ACTIONS, 10 * h, false, head, r.random, count, null, action, logProb,
                  actionEps),
              new Normalize(
                  ROOTS,
                  STATES,
                  ACTIONS,
                  state,
                  action,
                  d.normals(INPUTS),
                  inverse,
                  count,
                  null,
                  x),
              new MlpForward(
                  MODEL, ROOTS, mode, 0, MEMBERS, x, r.model, null, count, modelTape, heads),
              new TransitionSample(
                  MEMBERS,
                  ROOTS,
                  STATES,
                  2,
                  10 * h + 1,
                  1,
                  heads,
                  r.bounds,
                  d.normals(OUTPUTS),
                  scale,
                  state,
                  d.ints(2, 0),
                  r.random,
                  count,
                  null,
                  null,
                  next,
                  reward,
                  chosen,
                  eps),
              new Disagreement(
                  MEMBERS,
                  ROOTS,
                  OUTPUTS,
                  UncertaintyScale.LOG,
                  THRESHOLD,
                  heads,
                  r.bounds,
                  count,
                  u,
                  penalty),
              new RolloutObjective(
                  ROOTS,
                  ROOTS,
                  h == 0 ? 1 : 0.9f,
                  BETA,
                  reward,
                  logProb,
                  penalty,
                  r.alpha,
                  root,
                  count,
                  r.objective,
                  dReward,
                  dLogProb,
                  dPenalty),
              new RolloutAdvance(
                  ROOTS,
                  ROOTS,
                  STATES,
                  h,
                  h == 1,
                  0,
                  0.81f,
                  next,
                  null,
                  d.floats(0, 1, 0, 0, 1),
                  root,
                  count,
                  child,
                  nextCount,
                  nextRoot,
                  nextState,
                  r.tailState,
                  d.zeros(ROOTS),
                  d.zeros(ROOTS))));
    }

    void backward(Rollout r, @Nullable Buffer dNextState) {
      Differences d = r.d;
      Buffer dNext = d.zeros(ROOTS * STATES);
      Buffer dHeads = d.zeros(heads.words());
      Buffer dx = d.zeros(x.words());
      Buffer dAction = d.zeros(action.words());
      Buffer dHead = d.zeros(head.words());
      RowMode mode = RowMode.SHARED;
      r.backward.addAll(
          List.of(
              new RolloutAdvanceBackward(
                  ROOTS, ROOTS, STATES, child, root, dNextState, r.dTailState, count, dNext),
              new TransitionSampleBackward(
                  MEMBERS, ROOTS, STATES, 1, false, false, heads, r.bounds, scale, chosen, eps,
                  dNext, dReward, count, null, dHeads, dState),
              new DisagreementBackward(
                  MEMBERS,
                  ROOTS,
                  OUTPUTS,
                  UncertaintyScale.LOG,
                  THRESHOLD,
                  true,
                  heads,
                  r.bounds,
                  dPenalty,
                  count,
                  dHeads),
              new MlpBackward(
                  MODEL,
                  ROOTS,
                  mode,
                  0,
                  MEMBERS,
                  false,
                  false,
                  x,
                  r.model,
                  modelTape,
                  dHeads,
                  null,
                  count,
                  d.zeros(MODEL.scratchWords(MEMBERS, ROOTS)),
                  null,
                  dx),
              new NormalizeBackward(
                  ROOTS, STATES, ACTIONS, true, false, dx, inverse, count, null, dState, dAction),
              new SquashedGaussianBackward(
                  ROOTS, ACTIONS, head, action, actionEps, dAction, dLogProb, count, dHead),
              new MlpBackward(
                  POLICIES,
                  ROOTS,
                  mode,
                  h,
                  1,
                  false,
                  true,
                  state,
                  r.policies,
                  policyTape,
                  dHead,
                  null,
                  count,
                  d.zeros(POLICIES.scratchWords(1, ROOTS)),
                  r.dPolicies,
                  dState)));
    }
  }
}
