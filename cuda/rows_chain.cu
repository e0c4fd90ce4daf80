// Row-wise ops that follow each other on the same rows, as one kernel: a block takes its rows
// through all of them, so what an op wrote for a row is read again by the block that wrote it, and
// instead of a launch and a wait for the whole grid there is at most a barrier. Which ops may be
// put together, and in which order, is decided by mpdp.backend.cuda.RowChains. Each op is the code
// of its own kernel on the same rows, so the bits are the same where a compiler contracts both
// alike.
//
// All ops are compiled as one translation unit, and this file comes after them (cuda/build).
#include "rows.cuh"

namespace mpdp::rows_chain {

constexpr int kThreads = 256;

// The order is that of mpdp.backend.cuda.ChainOp.
enum Kind {
  kCriticTarget,
  kDisagreement,
  kDisagreementBackward,
  kExpansionTarget,
  kGatherRows,
  kNormalize,
  kNormalizeBackward,
  kReplayGather,
  kRestartStates,
  kRolloutAdvanceBackward,
  kRolloutObjective,
  kSequenceGather,
  kSequenceScore,
  kSquashedGaussian,
  kSquashedGaussianBackward,
  kTailValue,
  kTermination,
  kTransitionSample,
  kTransitionSampleBackward,
};

// One op on the block's rows. `memory` is shared: the op's own words.
MPDP_DEVICE void run(int64_t kind, const Call& call, const BlockShare& share, float* memory) {
  switch (kind) {
    case kCriticTarget:
      return critic_target::run(call, share);
    case kDisagreement:
      return disagreement::run(call, share, memory);
    case kDisagreementBackward:
      return disagreement_backward::run(call, share, memory);
    case kExpansionTarget:
      return expansion_target::run(call, share);
    case kGatherRows:
      return gather_rows::run(call, share);
    case kNormalize:
      return normalize::run(call, share);
    case kNormalizeBackward:
      return normalize_backward::run(call, share);
    case kReplayGather:
      return replay_gather::run(call, share);
    case kRestartStates:
      return restart_states::run(call, share);
    case kRolloutAdvanceBackward:
      return rollout_advance_backward::run(call, share);
    case kRolloutObjective:
      return rollout_objective::run(call, share);
    case kSequenceGather:
      return sequence_gather::run(call, share);
    case kSequenceScore:
      return sequence_score::run(call, share);
    case kSquashedGaussian:
      return squashed_gaussian::run<kThreads>(call, share, memory);
    case kSquashedGaussianBackward:
      return squashed_gaussian_backward::run(call, share);
    case kTailValue:
      return tail_value::run(call, share);
    case kTermination:
      return termination::run(call, share);
    case kTransitionSample:
      return transition_sample::run(call, share);
    case kTransitionSampleBackward:
      return transition_sample_backward::run(call, share);
    default:
      return;
  }
}

}  // namespace mpdp::rows_chain

MPDP_CHAIN_KERNEL(rows_chain, 256) {
  MPDP_DYNAMIC_SHARED(float, memory);
  mpdp::BlockShare share(chain.rows);
#pragma unroll 1  // one copy of every op
  for (int i = 0; i < chain.length; i++) {
    const mpdp::Link& link = chain.links[i];
    if (link.barrier) __syncthreads();
    mpdp::rows_chain::run(link.kind, link.call, share, memory + link.shared);
  }
}
