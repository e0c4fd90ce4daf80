// Model-based value expansion, one step back; see mpdp.backend.op.ExpansionTarget.
//   tailValue (roots)    all others (rows); nextTarget and nextLogProb are null after the last step
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {

void expansion_target(const Call& call, Team& team) {
  float discount = call.number(0), alpha = call.in(7)[0];
  const float *reward = call.in(0), *done = call.in(1);
  const int32_t *child = call.ints(2), *root_of = call.ints(3);
  const float *next_target = call.in(4), *next_log_prob = call.in(5), *tail_value = call.in(6);
  int64_t begin, end;
  team.share(call.present(call.size(0), 8), 64, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    float value;
    if (child[row] >= 0 && next_target) {
      value = next_target[child[row]];
      if (next_log_prob) value -= alpha * next_log_prob[child[row]];
    } else {
      value = (1.0f - done[row]) * tail_value[root_of ? root_of[row] : row];
    }
    call.out(9)[row] = reward[row] + discount * value;
  }
}

}  // namespace mpdp::MPDP_ISA
