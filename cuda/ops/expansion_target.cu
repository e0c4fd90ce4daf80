// Model-based value expansion, one step back; see mpdp.backend.op.ExpansionTarget. A thread per
// row; children ascend with rows, so the gathers touch few more lines than a copy.
#include "rows.cuh"

namespace mpdp::expansion_target {
using namespace operands::expansion_target;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t present = call.present(call.size(kRows), kCount);
  const float* reward = call.in(kReward);              // (rows)
  const float* done = call.in(kDone);                  // (rows)
  const int32_t* child = call.ints(kChild);            // (rows)
  const int32_t* root_of = call.ints(kRoot);           // (rows) or null
  const float* next_target = call.in(kNextTarget);     // (rows) or null
  const float* next_log_prob = call.in(kNextLogProb);  // (rows) or null
  const float* tail_value = call.in(kTailValue);       // (roots)
  float* target = call.out(kTarget);                   // (rows)
  float discount = call.number(kDiscount), alpha = call.in(kAlpha)[0];
#pragma unroll 1  // unrolled, it spills
  for (int64_t row : share.elements(present, 1)) {
    int32_t next = child[row];
    float value;
    if (next >= 0 && next_target) {
      value = next_target[next];
      if (next_log_prob) value -= alpha * next_log_prob[next];
    } else {
      value = (1.0f - done[row]) * tail_value[root_of ? root_of[row] : row];
    }
    target[row] = reward[row] + discount * value;
  }
}

}  // namespace mpdp::expansion_target

MPDP_KERNEL(expansion_target, 256) { mpdp::expansion_target::run(call, mpdp::GridShare()); }
