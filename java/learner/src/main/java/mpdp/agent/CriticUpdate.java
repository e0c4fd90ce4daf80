package mpdp.agent;

import mpdp.backend.Recorder;
import mpdp.backend.op.CriticLoss;
import mpdp.backend.op.CriticTarget;
import mpdp.nn.CriticPass;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.PolicyPass;
import mpdp.nn.Scratch;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/** SAC's critic loss on real transitions: one-step soft targets from the target critics. */
final class CriticUpdate {
  private final Critics critics;
  private final Batch batch;
  private final Scratch scratch;
  private final PolicyPass nextPolicy;
  private final CriticPass nextValues;
  private final CriticPass values;
  private final Buffer target;
  private final Buffer loss;

  CriticUpdate(
      TensorArena arena,
      Critics critics,
      PolicyNetwork policies,
      Batch batch,
      Scratch scratch,
      int site) {
    this.critics = critics;
    this.batch = batch;
    this.scratch = scratch;
    this.nextPolicy = PolicyPass.inference(arena, policies, 0, batch.rows(), site, false);
    this.nextValues = CriticPass.inference(arena, critics.target(), batch.rows());
    this.values = CriticPass.differentiable(arena, critics.online(), batch.rows());
    this.target = arena.allocate(batch.rows());
    this.loss = arena.allocate(critics.count());
  }

  /** Overwrites the critics' gradients with those of the loss times {@code weight}. */
  void gradients(Recorder recorder, Buffer random, Buffer alpha, double discount, double weight) {
    int rows = batch.rows();
    nextPolicy.forward(recorder, batch.next(), random);
    nextValues.forward(recorder, batch.next(), nextPolicy.action(), null);
    recorder.add(
        new CriticTarget(
            rows,
            critics.count(),
            (float) discount,
            nextValues.values(),
            nextPolicy.logProb(),
            alpha,
            batch.reward(),
            batch.terminated(),
            target));
    values.forward(recorder, batch.state(), batch.action(), null);
    recorder.add(
        new CriticLoss(
            rows,
            critics.count(),
            (float) weight,
            values.values(),
            target,
            null,
            values.valuesGradient(),
            loss));
    values.backwardToParameters(recorder, null, scratch, critics.gradients(), false);
  }

  /** Loss of each critic. */
  Buffer loss() {
    return loss;
  }

  /** Q of each critic on the batch (critics, rows). */
  Buffer values() {
    return values.values();
  }
}
