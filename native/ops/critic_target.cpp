// SAC's target, y = reward + discount (1 - done) (min_j q_j - alpha logProb); see
// mpdp.backend.op.CriticTarget.
//   q (critics, rows)    all others (rows)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::critic_target;

void critic_target(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), critics = call.size(kCritics);
  float discount = call.number(kDiscount), alpha = call.in(kAlpha)[0];
  const float *q = call.in(kQ), *log_prob = call.in(kLogProb), *reward = call.in(kReward),
              *done = call.in(kDone);
  int64_t begin, end;
  team.share(rows, 64, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    float least_q = q[row];
    for (int64_t j = 1; j < critics; j++) {
      float other = q[j * rows + row];
      least_q = other < least_q ? other : least_q;
    }
    float value = least_q - alpha * log_prob[row];
    call.out(kTarget)[row] = reward[row] + discount * (1.0f - done[row]) * value;
  }
}

}  // namespace mpdp::MPDP_ISA
