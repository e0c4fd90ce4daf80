package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.Copy;
import mpdp.backend.op.GatherRows;
import mpdp.backend.op.MlpShape;
import mpdp.model.DynamicsEnsemble;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * The elites' parameters, moved to the front of a vector of the ensemble's own layout: members
 * whose rows are PRIVATE must be neighbours. Which members are elites is known to the device alone,
 * so they are gathered by every plan.
 */
final class EliteWeights {
  private final DynamicsEnsemble model;
  private final Buffer index;
  private final Buffer count;
  private final Buffer parameters;

  EliteWeights(TensorArena arena, DynamicsEnsemble model) {
    this.model = model;
    this.index = arena.allocate(model.members());
    this.count = arena.allocate(1);
    count.write(model.eliteCount());
    this.parameters = arena.allocate(model.network().shape().parameterWords());
  }

  /** Members 0 .. eliteCount - 1 are the elites; what follows means nothing. */
  Buffer parameters() {
    return parameters;
  }

  void record(Recorder recorder) {
    MlpShape shape = model.network().shape();
    recorder.add(new Copy(model.eliteCount(), model.elites(), index));
    for (int layer = 0; layer <= shape.layers(); layer++) {
      for (MlpShape.Block block : shape.blocks(layer)) {
        gather(recorder, block);
      }
    }
  }

  private void gather(Recorder recorder, MlpShape.Block block) {
    int members = model.members();
    long words = (long) members * block.width();
    recorder.add(
        new GatherRows(
            members,
            block.width(),
            false,
            model.network().parameters().slice(block.at(), words),
            index,
            count,
            parameters.slice(block.at(), words)));
  }
}
