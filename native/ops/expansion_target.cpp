// Model-based value expansion, one step back; see mpdp.backend.op.ExpansionTarget.
//   tailValue (roots)    all others (rows); nextTarget and nextLogProb are null after the last step
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::expansion_target;

void expansion_target(const Call& call, Team& team) {
  float discount = call.number(kDiscount), alpha = call.in(kAlpha)[0];
  const float *reward = call.in(kReward), *done = call.in(kDone);
  const int32_t *child = call.ints(kChild), *root_of = call.ints(kRoot);
  const float *next_target = call.in(kNextTarget), *next_log_prob = call.in(kNextLogProb),
              *tail_value = call.in(kTailValue);
  int64_t begin, end;
  team.share(call.present(call.size(kRows), kCount), 64, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    float value;
    if (child[row] >= 0 && next_target) {
      value = next_target[child[row]];
      if (next_log_prob) value -= alpha * next_log_prob[child[row]];
    } else {
      value = (1.0f - done[row]) * tail_value[root_of ? root_of[row] : row];
    }
    call.out(kTarget)[row] = reward[row] + discount * value;
  }
}

}  // namespace mpdp::MPDP_ISA
