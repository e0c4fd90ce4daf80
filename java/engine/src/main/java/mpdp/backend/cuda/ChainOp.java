package mpdp.backend.cuda;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import mpdp.backend.op.Op;
import org.jspecify.annotations.Nullable;

/** The ops that may be part of a chain; the order is a contract with {@code cuda/rows_chain.cu}. */
enum ChainOp {
  CRITIC_TARGET,
  DISAGREEMENT,
  DISAGREEMENT_BACKWARD,
  EXPANSION_TARGET,
  GATHER_ROWS,
  NORMALIZE,
  NORMALIZE_BACKWARD,
  REPLAY_GATHER,
  RESTART_STATES,
  ROLLOUT_ADVANCE_BACKWARD,
  ROLLOUT_OBJECTIVE,
  SEQUENCE_GATHER,
  SEQUENCE_SCORE,
  SQUASHED_GAUSSIAN,
  SQUASHED_GAUSSIAN_BACKWARD,
  TAIL_VALUE,
  TERMINATION,
  TRANSITION_SAMPLE,
  TRANSITION_SAMPLE_BACKWARD;

  private static final Map<String, ChainOp> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

  /** Null for an op that always has kernels of its own. */
  static @Nullable ChainOp of(Op op) {
    return BY_NAME.get(op.name());
  }
}
