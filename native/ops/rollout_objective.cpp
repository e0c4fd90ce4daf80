// One step's share of the policy improvement objective and its gradient; see
// mpdp.backend.op.RolloutObjective. All operands are (rows) but objective, (roots); every root has
// at most one row, so threads never meet.
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::rollout_objective;

void rollout_objective(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), roots = call.size(kRoots);
  float discount = call.number(kDiscount), beta = call.number(kBeta);
  const float *reward = call.in(kReward), *log_prob = call.in(kLogProb),
              *penalty = call.in(kPenalty);
  float alpha = call.in(kAlpha)[0], share = discount / static_cast<float>(roots);
  const int32_t* root_of = call.ints(kRoot);
  float *objective = call.out(kObjective), *d_penalty = call.out(kDPenalty);
  int64_t begin, end;
  team.share(call.present(rows, kCount), 64, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    float gain = reward[row] - alpha * log_prob[row];
    if (penalty) gain -= beta * penalty[row];
    objective[root_of ? root_of[row] : row] += discount * gain;
  }
  for (int64_t row = begin; row < end; row++) {
    call.out(kDReward)[row] = -share;
    call.out(kDLogProb)[row] = alpha * share;
    if (d_penalty) d_penalty[row] = beta * share;
  }
}

}  // namespace mpdp::MPDP_ISA
