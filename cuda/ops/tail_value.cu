// The soft value that ends every rollout, and its gradient; see mpdp.backend.op.TailValue. A thread
// per row; neighbours read neighbouring words.
#include "rows.cuh"

namespace mpdp::tail_value {
using namespace operands::tail_value;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t rows = call.size(kRows), critics = call.size(kCritics);
  const float* q = call.in(kQ);               // (critics, rows)
  const float* log_prob = call.in(kLogProb);  // (rows)
  const float* weights = call.in(kWeight);    // (rows) or null
  float* d_q = call.out(kDQ);                 // (critics, rows)
  float alpha = call.in(kAlpha)[0];
  for (int64_t row : share.elements(rows, 1)) {
    int64_t smallest = 0;
    float least_q = q[row];
    for (int64_t j = 1; j < critics; j++) {
      float other = q[j * rows + row];
      smallest = other < least_q ? j : smallest;
      least_q = other < least_q ? other : least_q;
    }
    float value = least_q - alpha * log_prob[row], weight = weights ? weights[row] : 1.0f;
    float part = weight / static_cast<float>(rows);
    call.out(kValue)[row] = value;                // (rows)
    call.out(kObjective)[row] += weight * value;  // (rows)
    for (int64_t j = 0; j < critics; j++) d_q[j * rows + row] = j == smallest ? -part : 0.0f;
    call.out(kDLogProb)[row] = alpha * part;  // (rows)
  }
}

}  // namespace mpdp::tail_value

MPDP_KERNEL(tail_value, 256) { mpdp::tail_value::run(call, mpdp::GridShare()); }
