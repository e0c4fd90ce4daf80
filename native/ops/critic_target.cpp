// SAC's target, y = reward + discount (1 - done) (min_j q_j - alpha logProb); see
// mpdp.backend.op.CriticTarget.
//   q (critics, rows)    all others (rows)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {

void critic_target(const Call& call, Team& team) {
  int64_t rows = call.size(0), critics = call.size(1);
  float discount = call.number(0), alpha = call.in(2)[0];
  const float *q = call.in(0), *log_prob = call.in(1), *reward = call.in(3), *done = call.in(4);
  int64_t begin, end;
  team.share(rows, 64, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    float least_q = q[row];
    for (int64_t j = 1; j < critics; j++) {
      float other = q[j * rows + row];
      least_q = other < least_q ? other : least_q;
    }
    float value = least_q - alpha * log_prob[row];
    call.out(5)[row] = reward[row] + discount * (1.0f - done[row]) * value;
  }
}

}  // namespace mpdp::MPDP_ISA
