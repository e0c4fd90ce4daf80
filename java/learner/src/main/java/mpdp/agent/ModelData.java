package mpdp.agent;

import mpdp.backend.Recorder;
import mpdp.backend.op.ModelGather;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.Normalizer;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.ModelSettings;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * The ensemble's view of the replay buffer: bootstrap batches of the training rows, and the holdout
 * rows in order. No index table is kept: see {@link ModelGather}.
 */
final class ModelData {
  /** Most chunks of the holdout that one look takes: it bounds the cost of early stopping. */
  static final int HOLDOUT_CHUNKS = 5;

  private static final int SITE = 0;

  private final DynamicsEnsemble model;
  private final ReplayBuffer replay;
  private final Buffer random;
  private final Buffer control;
  private final int fold;

  ModelData(
      TensorArena arena,
      ModelSettings settings,
      DynamicsEnsemble model,
      ReplayBuffer replay,
      Buffer random) {
    this.model = model;
    this.replay = replay;
    this.random = random;
    this.control = arena.allocate(2);
    this.fold = Math.max(2, (int) Math.round(1 / settings.holdout()));
  }

  /** int32 (generation, cursor). */
  Buffer control() {
    return control;
  }

  /** Sets the bootstrap generation of training batches and the chunk of the holdout. */
  void select(int generation, int cursor) {
    control.write(generation, cursor);
  }

  /** Rows that are not held out. */
  int trainingRows() {
    return replay.size() - replay.size() / fold;
  }

  /** A private training batch for each member, or, for one member, the holdout's next chunk. */
  void gather(Recorder recorder, int members, int rows, Buffer x, Buffer target, Buffer present) {
    Normalizer n = model.normalizer();
    recorder.add(
        new ModelGather(
            members,
            rows,
            model.states(),
            model.actions(),
            fold,
            SITE,
            members == 1,
            HOLDOUT_CHUNKS,
            replay.ring(),
            replay.deviceSize(),
            control,
            random,
            n.inputMean(),
            n.inputInvStd(),
            n.outputMean(),
            n.outputScale(),
            x,
            target,
            present));
  }
}
