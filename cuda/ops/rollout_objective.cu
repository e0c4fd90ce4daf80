// One step's share of the policy improvement objective and its gradient; see
// mpdp.backend.op.RolloutObjective. A thread per row; a root has at most one row, so the update of
// its objective needs no atomics.
#include "rows.cuh"

namespace mpdp::rollout_objective {
using namespace operands::rollout_objective;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t present = call.present(call.size(kRows), kCount), roots = call.size(kRoots);
  const float* reward = call.in(kReward);     // (rows)
  const float* log_prob = call.in(kLogProb);  // (rows)
  const float* penalty = call.in(kPenalty);   // (rows) or null
  const int32_t* root_of = call.ints(kRoot);  // (rows) or null
  float* objective = call.out(kObjective);    // (roots)
  float* d_reward = call.out(kDReward);       // (rows)
  float* d_log_prob = call.out(kDLogProb);    // (rows)
  float* d_penalty = call.out(kDPenalty);     // (rows) or null
  float discount = call.number(kDiscount), beta = call.number(kBeta), alpha = call.in(kAlpha)[0];
  float part = discount / static_cast<float>(roots);
  for (int64_t row : share.elements(present, 1)) {
    float gain = reward[row] - alpha * log_prob[row];
    if (penalty) gain -= beta * penalty[row];
    objective[root_of ? root_of[row] : row] += discount * gain;
    d_reward[row] = -part;
    d_log_prob[row] = alpha * part;
    if (d_penalty) d_penalty[row] = beta * part;
  }
}

}  // namespace mpdp::rollout_objective

MPDP_KERNEL(rollout_objective, 256) { mpdp::rollout_objective::run(call, mpdp::GridShare()); }
