package mpdp.backend.reference;

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
import mpdp.backend.op.FloatProducts;
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

/** Runs one operation: the list of all ops, which the compiler keeps complete. */
final class ReferenceOps {
  private ReferenceOps() {}

  static void run(Operation operation, FloatProducts products) {
    switch (operation) {
      case MlpForward op -> MlpForwardReference.run(op, products);
      case MlpBackward op -> MlpBackwardReference.run(op, products);
      case GaussianNll op -> GaussianNllReference.run(op);
      case TransitionSample op -> TransitionSampleReference.run(op);
      case TransitionSampleBackward op -> TransitionSampleBackwardReference.run(op);
      case Disagreement op -> DisagreementReference.run(op);
      case DisagreementBackward op -> DisagreementBackwardReference.run(op);
      case SquashedGaussian op -> SquashedGaussianReference.run(op);
      case SquashedGaussianBackward op -> SquashedGaussianBackwardReference.run(op);
      case Normalize op -> NormalizeReference.run(op);
      case NormalizeBackward op -> NormalizeBackwardReference.run(op);
      case Termination op -> TerminationReference.run(op);
      case RolloutAdvance op -> RolloutAdvanceReference.run(op);
      case RolloutAdvanceBackward op -> RolloutAdvanceBackwardReference.run(op);
      case RolloutObjective op -> RolloutObjectiveReference.run(op);
      case TailValue op -> TailValueReference.run(op);
      case CriticTarget op -> CriticTargetReference.run(op);
      case ExpansionTarget op -> ExpansionTargetReference.run(op);
      case CriticLoss op -> CriticLossReference.run(op);
      case TemperatureStep op -> TemperatureStepReference.run(op);
      case GradientClip op -> GradientClipReference.run(op);
      case Adam op -> AdamReference.run(op);
      case Polyak op -> PolyakReference.run(op);
      case ReplayGather op -> ReplayGatherReference.run(op);
      case ModelGather op -> ModelGatherReference.run(op);
      case ReplayMoments op -> ReplayMomentsReference.run(op);
      case RouteRows op -> RouteRowsReference.run(op);
      case GatherRows op -> GatherRowsReference.run(op);
      case RestartStates op -> RestartStatesReference.run(op);
      case Advance op -> AdvanceReference.run(op);
      case Copy op -> CopyReference.run(op);
      case Fill op -> FillReference.run(op);
      case SequenceSample op -> SequenceSampleReference.run(op);
      case SequenceRefit op -> SequenceRefitReference.run(op);
      case SequenceGather op -> SequenceGatherReference.run(op);
      case SequenceScore op -> SequenceScoreReference.run(op);
      case Clamp op -> ClampReference.run(op);
      case Metric op -> MetricReference.run(op);
    }
  }
}
