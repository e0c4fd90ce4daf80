package mpdp.agent;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.Recorder;
import mpdp.backend.op.CriticLoss;
import mpdp.backend.op.ExpansionTarget;
import mpdp.nn.CriticPass;
import mpdp.nn.Scratch;
import mpdp.rollout.Rollout;
import mpdp.rollout.RolloutStep;
import mpdp.rollout.RolloutTail;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * Critic training on the plans themselves (model-based value expansion, Feinberg et al. 2018):
 * every imagined (state, action) is regressed on its discounted soft return up to the end of its
 * rollout plus the tail value.
 */
final class ValueExpansion {
  private final Critics critics;
  private final Rollout rollout;
  private final RolloutTail tail;
  private final Scratch scratch;
  private final int rows;
  private final List<CriticPass> passes = new ArrayList<>();
  private final List<Buffer> targets = new ArrayList<>();
  private final Buffer loss;

  ValueExpansion(
      TensorArena arena,
      Critics critics,
      Rollout rollout,
      RolloutTail tail,
      Scratch scratch,
      int rows) {
    this.critics = critics;
    this.rollout = rollout;
    this.tail = tail;
    this.scratch = scratch;
    this.rows = rows;
    for (int h = 0; h < rollout.horizon(); h++) {
      passes.add(CriticPass.differentiable(arena, critics.online(), rows));
      targets.add(arena.allocate(rows));
    }
    this.loss = arena.allocate(critics.count());
  }

  /** Adds to the critics' gradients those of the mean loss over all steps times {@code weight}. */
  void gradients(Recorder recorder, Buffer alpha, double discount, double weight) {
    for (int h = rollout.horizon() - 1; h >= 0; h--) {
      target(recorder, h, alpha, discount);
      RolloutStep step = rollout.step(h);
      Buffer count = step.rows().count();
      CriticPass pass = passes.get(h);
      pass.forward(recorder, step.state(), step.action(), count);
      recorder.add(
          new CriticLoss(
              rows,
              critics.count(),
              (float) (weight / rollout.horizon()),
              pass.values(),
              targets.get(h),
              count,
              pass.valuesGradient(),
              loss));
      pass.backwardToParameters(recorder, count, scratch, critics.gradients(), true);
    }
  }

  private void target(Recorder recorder, int h, Buffer alpha, double discount) {
    boolean last = h == rollout.horizon() - 1;
    RolloutStep step = rollout.step(h);
    recorder.add(
        new ExpansionTarget(
            rows,
            rows,
            (float) discount,
            step.reward(),
            step.done(),
            step.child(),
            step.rows().root(),
            last ? null : targets.get(h + 1),
            last ? null : rollout.step(h + 1).logProb(),
            tail.value(),
            alpha,
            step.rows().count(),
            targets.get(h)));
  }

  /** Loss of each critic on the first step of the plans. */
  Buffer loss() {
    return loss;
  }
}
