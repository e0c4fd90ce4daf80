package mpdp.agent;

import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.MlpPass;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/** Errors of every member on the holdout rows, a chunk at a time. */
final class ModelHoldout {
  private static final int ROWS = 1024;

  private final DynamicsEnsemble model;
  private final TensorArena arena;
  private final ModelData data;
  private final Buffer present;
  private final Buffer loss;
  private final Buffer error;
  private final Program program;

  /** Mean squared error and negative log-likelihood of each member. */
  record Result(double[] error, double[] loss) {}

  ModelHoldout(Backend backend, TensorArena arena, DynamicsEnsemble model, ModelData data) {
    this.model = model;
    this.arena = arena;
    this.data = data;
    this.present = arena.allocate(1);
    this.loss = arena.allocate(model.members());
    this.error = arena.allocate(model.members());
    program = backend.record("model holdout", this::record);
  }

  private void record(Recorder recorder) {
    MlpShape shape = model.network().shape();
    Buffer x = arena.allocate((long) ROWS * shape.inputs());
    Buffer target = arena.allocate((long) ROWS * model.dimensions());
    MlpPass pass =
        MlpPass.inference(arena, shape, model.network().parameters(), RowMode.SHARED, ROWS);
    data.gather(recorder, 1, ROWS, x, target, present);
    pass.forward(recorder, x, present);
    recorder.add(
        new GaussianNll(
            model.members(),
            ROWS,
            model.dimensions(),
            false,
            0,
            pass.output(),
            target,
            model.bounds(),
            present,
            loss,
            error,
            null,
            null));
  }

  /** Evaluates all members; {@code generation} is that of the training batches. */
  Result evaluate(int generation) {
    double[] errors = new double[model.members()];
    double[] losses = new double[model.members()];
    long total = 0;
    for (int chunk = 0; chunk < ModelData.HOLDOUT_CHUNKS; chunk++) {
      data.select(generation, chunk);
      program.run();
      int rows = present.getInt(0);
      float[] chunkErrors = error.floats();
      float[] chunkLosses = loss.floats();
      for (int m = 0; m < errors.length && rows > 0; m++) {
        errors[m] += (double) rows * chunkErrors[m];
        losses[m] += (double) rows * chunkLosses[m];
      }
      total += rows;
      if (rows < ROWS) {
        break;
      }
    }
    for (int m = 0; m < errors.length; m++) {
      errors[m] /= Math.max(total, 1);
      losses[m] /= Math.max(total, 1);
    }
    return new Result(errors, losses);
  }
}
