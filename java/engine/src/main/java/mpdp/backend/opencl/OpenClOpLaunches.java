package mpdp.backend.opencl;

import mpdp.MpdpException;
import mpdp.backend.op.Adam;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Clamp;
import mpdp.backend.op.Copy;
import mpdp.backend.op.CriticLoss;
import mpdp.backend.op.CriticTarget;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.ExpansionTarget;
import mpdp.backend.op.Fill;
import mpdp.backend.op.GatherRows;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.Metric;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.ModelGather;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.Operation;
import mpdp.backend.op.Polyak;
import mpdp.backend.op.ReplayGather;
import mpdp.backend.op.ReplayMoments;
import mpdp.backend.op.RestartStates;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.backend.op.RouteRows;
import mpdp.backend.op.SequenceGather;
import mpdp.backend.op.SequenceRefit;
import mpdp.backend.op.SequenceSample;
import mpdp.backend.op.SequenceScore;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.backend.op.TailValue;
import mpdp.backend.op.TemperatureStep;
import mpdp.backend.op.Termination;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;

/** The launch geometry of every op: which kernels, on how many work items, with what scratch. */
final class OpenClOpLaunches {
  private static final int CHUNK = 64; // rows that one item counts, as in the kernels
  private static final int NLL_CHUNK = 16;
  private static final int CLIP_CHUNK = 4096;
  private static final int MOMENT_CHUNKS = 64;
  private static final int MOMENT_STAGES = 4;

  private OpenClOpLaunches() {}

  /**
   * How to run {@code operation}.
   *
   * @param kernels which kernels multiply matrices on this device
   * @throws MpdpException if the op has no kernel
   */
  static OpenClOpLaunch of(Operation operation, MatrixKernels kernels) {
    return switch (operation) {
      case MlpForward op -> OpenClMlpLaunches.forward(op, kernels);
      case MlpBackward op -> OpenClMlpLaunches.backward(op, kernels);
      case Adam op -> adam(op, kernels);
      case Copy op -> words(op, op.words(), kernels);
      case Fill op -> words(op, op.words(), kernels);
      case Polyak op -> words(op, op.words(), kernels);
      case Advance op -> items(op, 1, 1);
      case GradientClip op -> gradientClip(op, kernels);
      case Metric op -> items(op, 1, 64);
      case TemperatureStep op -> items(op, 1, 64);
      case CriticLoss op -> items(op, 64L * op.critics(), 64);
      case CriticTarget op -> items(op, op.rows(), 64);
      case ExpansionTarget op -> items(op, op.rows(), 64);
      case RolloutObjective op -> items(op, op.rows(), 64);
      case TailValue op -> items(op, op.rows(), 64);
      case Termination op -> items(op, op.rows(), 64);
      case GatherRows op -> items(op, (long) op.rows() * op.width(), 64);
      case Clamp op ->
          OpenClOpLaunch.of(
              OpenClLaunch.items("clamp", "clamp_words", op.words(), 256)); // clamp is OpenCL C's
      case Normalize op ->
          OpenClOpLaunch.of(
              OpenClLaunch.items(
                  "normalize",
                  "normalize_input", // normalize is OpenCL C's
                  (long) op.rows() * (op.states() + op.actions()),
                  64));
      case NormalizeBackward op -> items(op, (long) op.rows() * (op.states() + op.actions()), 64);
      case RolloutAdvanceBackward op -> items(op, (long) op.rows() * op.states(), 64);
      case SquashedGaussianBackward op -> items(op, (long) op.rows() * op.actions(), 64);
      case TransitionSample op -> draws(op, (long) op.rows() * (op.states() + 1), kernels);
      case TransitionSampleBackward op -> items(op, (long) op.rows() * (op.states() + 1), 64);
      case SquashedGaussian op -> items(op, op.rows(), 16);
      case ReplayGather op -> items(op, op.rows(), 16);
      case RestartStates op -> items(op, op.rows(), 16);
      case ModelGather op -> items(op, (long) op.members() * op.rows(), 16);
      case GaussianNll op -> gaussianNll(op);
      case Disagreement op -> disagreement(op, kernels);
      case DisagreementBackward op -> disagreementBackward(op, kernels);
      case RolloutAdvance op -> rolloutAdvance(op);
      case RouteRows op -> routeRows(op);
      case ReplayMoments op -> replayMoments(op);
      case SequenceSample op -> draws(op, (long) op.steps() * op.rows() * op.actions(), kernels);
      case SequenceGather op -> items(op, op.rows(), 16);
      case SequenceScore op -> items(op, op.rows(), 16);
      case SequenceRefit op -> sequenceRefit(op);
      default ->
          throw new MpdpException(
              "the opencl back end has no kernel for %s: use --backend cpu"
                  .formatted(operation.op().id()));
    };
  }

  private static OpenClOpLaunch items(Operation op, long items, int local) {
    String name = op.op().id();
    return OpenClOpLaunch.of(OpenClLaunch.items(name, name, items, local));
  }

  /** Items that take a few Philox blocks of four words each, as in philox.clh. */
  private static OpenClOpLaunch draws(Operation op, long draws, MatrixKernels kernels) {
    int blocks = kernels.variant().words();
    return items(op, OpenClLaunch.ceil(draws, 4L * blocks), blocks == 1 ? 64 : 4);
  }

  private static OpenClOpLaunch words(Operation op, long words, MatrixKernels kernels) {
    return items(op, OpenClLaunch.ceil(words, kernels.variant().words()), 256);
  }

  private static OpenClOpLaunch adam(Adam op, MatrixKernels kernels) {
    long items = OpenClLaunch.ceil(op.words(), kernels.variant().words());
    return OpenClOpLaunch.of(
            OpenClLaunch.items("adam", "adam_correction", 1, 1),
            OpenClLaunch.items("adam", "adam", items, 256))
        .withScratch(2);
  }

  private static OpenClOpLaunch gradientClip(GradientClip op, MatrixKernels kernels) {
    int items = kernels.variant().words() == 1 ? 64 : 1; // of a chunk
    long chunks = OpenClLaunch.ceil(op.words(), CLIP_CHUNK);
    return OpenClOpLaunch.of(
            OpenClLaunch.items("gradient_clip", "gradient_clip_squares", items * chunks, items),
            OpenClLaunch.items("gradient_clip", "gradient_clip", 64, 64))
        .withScratch(2 * chunks);
  }

  private static OpenClOpLaunch gaussianNll(GaussianNll op) {
    long items = op.members() * OpenClLaunch.ceil(op.rows(), NLL_CHUNK) * op.dimensions();
    return OpenClOpLaunch.of(
            OpenClLaunch.items("gaussian_nll", "gaussian_nll_rows", items, 64),
            OpenClLaunch.items("gaussian_nll", "gaussian_nll", op.members() + op.dimensions(), 16))
        .withScratch(4 * items);
  }

  private static OpenClOpLaunch disagreement(Disagreement op, MatrixKernels kernels) {
    String name = op.op().id();
    long elements = elements(op.rows(), op.dimensions(), kernels);
    return OpenClOpLaunch.of(
            OpenClLaunch.items(name, name + "_moments", elements, 64),
            OpenClLaunch.items(name, name, op.rows(), 64))
        .withScratch(momentWords(op.members(), elements, kernels));
  }

  private static OpenClOpLaunch disagreementBackward(
      DisagreementBackward op, MatrixKernels kernels) {
    String name = op.op().id();
    long elements = elements(op.rows(), op.dimensions(), kernels);
    return OpenClOpLaunch.of(
            OpenClLaunch.items(name, name + "_moments", elements, 64),
            OpenClLaunch.items(name, name + "_weights", op.rows(), 64),
            OpenClLaunch.items(name, name, elements, 64))
        .withScratch(momentWords(op.members(), elements, kernels) + op.rows());
  }

  /** Items that take one dimension of a few rows each. */
  private static long elements(int rows, int dimensions, MatrixKernels kernels) {
    return OpenClLaunch.ceil(rows, kernels.variant().words()) * dimensions;
  }

  /** Words of the moments of one_vs_rest.clh. */
  private static long momentWords(int members, long elements, MatrixKernels kernels) {
    return (6L * members + 1) * elements * kernels.variant().words();
  }

  private static OpenClOpLaunch rolloutAdvance(RolloutAdvance op) {
    long chunks = OpenClLaunch.ceil(op.rows(), CHUNK);
    return OpenClOpLaunch.of(
            OpenClLaunch.items("rollout_advance", "rollout_advance_count", chunks, 64),
            OpenClLaunch.items("rollout_advance", "rollout_advance_scan", 64, 64),
            OpenClLaunch.items("rollout_advance", "rollout_advance", op.rows(), 64))
        .withScratch(chunks + 1);
  }

  private static OpenClOpLaunch routeRows(RouteRows op) {
    long counts = OpenClLaunch.ceil(op.rows(), CHUNK) * op.members();
    long places = Math.max(op.rows(), op.members() + 1);
    return OpenClOpLaunch.of(
            OpenClLaunch.items("route_rows", "route_rows_choose", op.rows(), 64),
            OpenClLaunch.items("route_rows", "route_rows_count", counts, 64),
            OpenClLaunch.items("route_rows", "route_rows_scan", 64, 64),
            OpenClLaunch.items("route_rows", "route_rows", places, 64))
        .withScratch(counts + 1);
  }

  private static OpenClOpLaunch replayMoments(ReplayMoments op) {
    int columns = op.states() + op.actions() + (op.targets() ? op.states() + 1 : 0);
    OpenClLaunch[] launches = new OpenClLaunch[MOMENT_STAGES];
    for (int stage = 0; stage < MOMENT_STAGES; stage += 2) {
      launches[stage] =
          OpenClLaunch.items(
              "replay_moments", "replay_moments_sums", MOMENT_CHUNKS * columns, 64, stage);
      launches[stage + 1] =
          OpenClLaunch.items("replay_moments", "replay_moments", columns, 16, stage + 1);
    }
    return OpenClOpLaunch.of(launches).withScratch((MOMENT_CHUNKS + 1L) * columns);
  }

  private static OpenClOpLaunch sequenceRefit(SequenceRefit op) {
    String name = op.op().id();
    return OpenClOpLaunch.of(
            OpenClLaunch.items(name, name + "_scores", op.rows(), 64),
            OpenClLaunch.items(name, name + "_ranks", op.rows(), 64),
            OpenClLaunch.items(name, name + "_weights", 64, 64),
            OpenClLaunch.items(name, name, (long) op.steps() * op.actions(), 16))
        .withScratch(op.elites());
  }
}
