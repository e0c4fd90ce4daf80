// SAC's target, y = reward + discount (1 - done) (min_j q_j - alpha logProb); see
// mpdp.backend.op.CriticTarget. A thread per row; neighbours read neighbouring words.
#include "rows.cuh"

namespace mpdp::critic_target {
using namespace operands::critic_target;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t rows = call.size(kRows), critics = call.size(kCritics);
  const float* q = call.in(kQ);               // (critics, rows)
  const float* log_prob = call.in(kLogProb);  // (rows)
  const float* reward = call.in(kReward);     // (rows)
  const float* done = call.in(kDone);         // (rows)
  float* target = call.out(kTarget);          // (rows)
  float discount = call.number(kDiscount), alpha = call.in(kAlpha)[0];
  for (int64_t row : share.elements(rows, 1)) {
    float least_q = q[row];
    for (int64_t j = 1; j < critics; j++) {
      float other = q[j * rows + row];
      least_q = other < least_q ? other : least_q;
    }
    target[row] = reward[row] + discount * (1.0f - done[row]) * (least_q - alpha * log_prob[row]);
  }
}

}  // namespace mpdp::critic_target

MPDP_KERNEL(critic_target, 256) { mpdp::critic_target::run(call, mpdp::GridShare()); }
