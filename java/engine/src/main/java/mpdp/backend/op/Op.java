package mpdp.backend.op;

/**
 * The op table: every op has one name in all back ends ({@code grep id} finds its Java reference,
 * {@code cuda/ops}, {@code opencl/ops} and {@code native/ops} files) and one record that gives its
 * math and shapes. The ordinal is the index of native dispatch tables.
 */
public enum Op {
  MLP_FORWARD("mlp_forward", MlpForward.class),
  MLP_BACKWARD("mlp_backward", MlpBackward.class),
  GAUSSIAN_NLL("gaussian_nll", GaussianNll.class),
  TRANSITION_SAMPLE("transition_sample", TransitionSample.class),
  TRANSITION_SAMPLE_BACKWARD("transition_sample_backward", TransitionSampleBackward.class),
  DISAGREEMENT("disagreement", Disagreement.class),
  DISAGREEMENT_BACKWARD("disagreement_backward", DisagreementBackward.class),
  SQUASHED_GAUSSIAN("squashed_gaussian", SquashedGaussian.class),
  SQUASHED_GAUSSIAN_BACKWARD("squashed_gaussian_backward", SquashedGaussianBackward.class),
  NORMALIZE("normalize", Normalize.class),
  NORMALIZE_BACKWARD("normalize_backward", NormalizeBackward.class),
  TERMINATION("termination", Termination.class),
  ROLLOUT_ADVANCE("rollout_advance", RolloutAdvance.class),
  ROLLOUT_ADVANCE_BACKWARD("rollout_advance_backward", RolloutAdvanceBackward.class),
  ROLLOUT_OBJECTIVE("rollout_objective", RolloutObjective.class),
  TAIL_VALUE("tail_value", TailValue.class),
  CRITIC_TARGET("critic_target", CriticTarget.class),
  EXPANSION_TARGET("expansion_target", ExpansionTarget.class),
  CRITIC_LOSS("critic_loss", CriticLoss.class),
  TEMPERATURE_STEP("temperature_step", TemperatureStep.class),
  GRADIENT_CLIP("gradient_clip", GradientClip.class),
  ADAM("adam", Adam.class),
  POLYAK("polyak", Polyak.class),
  REPLAY_GATHER("replay_gather", ReplayGather.class),
  MODEL_GATHER("model_gather", ModelGather.class),
  REPLAY_MOMENTS("replay_moments", ReplayMoments.class),
  ROUTE_ROWS("route_rows", RouteRows.class),
  GATHER_ROWS("gather_rows", GatherRows.class),
  RESTART_STATES("restart_states", RestartStates.class),
  ADVANCE("advance", Advance.class),
  COPY("copy", Copy.class),
  FILL("fill", Fill.class),
  SEQUENCE_SAMPLE("sequence_sample", SequenceSample.class),
  SEQUENCE_REFIT("sequence_refit", SequenceRefit.class),
  SEQUENCE_GATHER("sequence_gather", SequenceGather.class),
  SEQUENCE_SCORE("sequence_score", SequenceScore.class),
  CLAMP("clamp", Clamp.class),
  METRIC("metric", Metric.class);

  private final String id;
  private final Class<? extends Record> operation;

  Op(String id, Class<? extends Record> operation) {
    this.id = id;
    this.operation = operation;
  }

  /** The op's name in file names, profiles and errors. */
  public String id() {
    return id;
  }

  /** The record whose components are this op's operands. */
  public Class<? extends Record> operation() {
    return operation;
  }
}
