// The soft value that ends every rollout, and its gradient; see mpdp.backend.op.TailValue.
//   q, dQ (critics, rows)    all others (rows)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::tail_value;

void tail_value(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), critics = call.size(kCritics);
  const float *q = call.in(kQ), *log_prob = call.in(kLogProb), *weight = call.in(kWeight);
  float alpha = call.in(kAlpha)[0];
  float* d_q = call.out(kDQ);
  int64_t begin, end;
  team.share(rows, 64, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    int64_t smallest = 0;
    for (int64_t j = 1; j < critics; j++) {
      smallest = q[j * rows + row] < q[smallest * rows + row] ? j : smallest;
    }
    float value = q[smallest * rows + row] - alpha * log_prob[row];
    float present_weight = weight ? weight[row] : 1.0f;
    float share = present_weight / static_cast<float>(rows);
    call.out(kValue)[row] = value;
    call.out(kObjective)[row] += present_weight * value;
    for (int64_t j = 0; j < critics; j++) d_q[j * rows + row] = j == smallest ? -share : 0.0f;
    call.out(kDLogProb)[row] = alpha * share;
  }
}

}  // namespace mpdp::MPDP_ISA
