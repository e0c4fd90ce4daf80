// Backward pass of rollout_advance; see mpdp.backend.op.RolloutAdvanceBackward.
//   dNextState (rows, states) or null, dTailState (roots, states) -> dNext (rows, states)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {

void rollout_advance_backward(const Call& call, Team& team) {
  int64_t states = call.size(2);
  const int32_t *child = call.ints(0), *root_of = call.ints(1);
  const float *d_next_state = call.in(2), *d_tail_state = call.in(3);
  int64_t begin, end;
  team.share(call.present(call.size(0), 4), 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    int64_t root = root_of ? root_of[row] : row;
    bool went_on = child[row] >= 0 && d_next_state;
    const float* __restrict from =
        went_on ? d_next_state + child[row] * states : d_tail_state + root * states;
    float* __restrict to = call.out(5) + row * states;
    for (int64_t d = 0; d < states; d++) to[d] = from[d];
  }
}

}  // namespace mpdp::MPDP_ISA
