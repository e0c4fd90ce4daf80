package mpdp.backend.cuda;

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

/**
 * The launch table: which kernels an op runs, and how large their grids are. Grids are sized for
 * all rows; kernels read how many are present.
 */
final class OpLaunches {
  private OpLaunches() {}

  /**
   * The launches of {@code operation} on a device.
   *
   * @throws mpdp.MpdpException if its sizes are beyond what the kernels take
   */
  static OpLaunch of(Operation operation, CudaLimits limits) {
    RowLaunches rows = new RowLaunches(limits);
    MlpLaunches networks = new MlpLaunches(limits);
    return switch (operation) {
      case MlpForward op -> networks.of(op);
      case MlpBackward op -> networks.of(op);
      case GaussianNll op -> rows.of(op);
      case TransitionSample op -> rows.elements("transition_sample", op.rows(), op.states() + 1L);
      case TransitionSampleBackward op ->
          rows.elements("transition_sample_backward", op.rows(), op.states() + 1L);
      case Disagreement op -> rows.of(op);
      case DisagreementBackward op -> rows.of(op);
      case SquashedGaussian op -> rows.of(op);
      case SquashedGaussianBackward op ->
          rows.elements("squashed_gaussian_backward", op.rows(), op.actions());
      case Normalize op -> rows.elements("normalize", op.rows(), (long) op.states() + op.actions());
      case NormalizeBackward op ->
          rows.elements("normalize_backward", op.rows(), (long) op.states() + op.actions());
      case Termination op -> rows.warps("termination", op.rows());
      case RolloutAdvance op -> rows.of(op);
      case RolloutAdvanceBackward op ->
          rows.elements("rollout_advance_backward", op.rows(), op.states());
      case RolloutObjective op -> rows.items("rollout_objective", op.rows());
      case TailValue op -> rows.items("tail_value", op.rows());
      case CriticTarget op -> rows.items("critic_target", op.rows());
      case ExpansionTarget op -> rows.items("expansion_target", op.rows());
      case CriticLoss op -> rows.of(op);
      case TemperatureStep op -> OpLaunch.of(KernelLaunch.block("temperature_step", 256));
      case GradientClip op -> rows.of(op);
      case Adam op -> rows.fours("adam", op.words());
      case Polyak op -> rows.fours("polyak", op.words());
      case ReplayGather op ->
          rows.elements("replay_gather", op.rows(), 2L * op.states() + op.actions() + 2);
      case ModelGather op -> rows.of(op);
      case ReplayMoments op -> rows.of(op);
      case RouteRows op -> rows.of(op);
      case GatherRows op -> rows.elements("gather_rows", op.rows(), op.width());
      case RestartStates op -> rows.elements("restart_states", op.rows(), op.states());
      case Advance op -> OpLaunch.of(KernelLaunch.block("advance", 32));
      case Copy op -> rows.fours("copy", op.words());
      case Fill op -> rows.fours("fill", op.words());
      case SequenceSample op -> rows.of(op);
      case SequenceRefit op -> rows.of(op);
      case SequenceGather op ->
          rows.elements("sequence_gather", op.rows(), (long) op.states() + op.actions());
      case SequenceScore op -> rows.warps("sequence_score", op.rows());
      case Clamp op -> rows.items("clamp", op.words());
      case Metric op -> OpLaunch.of(KernelLaunch.block("metric", 256));
    };
  }
}
