// One step's share of the policy improvement objective and its gradient; see
// mpdp.backend.op.RolloutObjective. All operands are (rows) but objective, (roots); every root has
// at most one row, so threads never meet.
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {

void rollout_objective(const Call& call, Team& team) {
  int64_t rows = call.size(0), roots = call.size(1);
  float discount = call.number(0), beta = call.number(1);
  const float *reward = call.in(0), *log_prob = call.in(1), *penalty = call.in(2);
  float alpha = call.in(3)[0], share = discount / static_cast<float>(roots);
  const int32_t* root_of = call.ints(4);
  float *objective = call.out(6), *d_penalty = call.out(9);
  int64_t begin, end;
  team.share(call.present(rows, 5), 64, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    float gain = reward[row] - alpha * log_prob[row];
    if (penalty) gain -= beta * penalty[row];
    objective[root_of ? root_of[row] : row] += discount * gain;
  }
  for (int64_t row = begin; row < end; row++) {
    call.out(7)[row] = -share;
    call.out(8)[row] = alpha * share;
    if (d_penalty) d_penalty[row] = beta * share;
  }
}

}  // namespace mpdp::MPDP_ISA
