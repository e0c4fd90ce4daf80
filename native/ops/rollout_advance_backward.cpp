// Backward pass of rollout_advance; see mpdp.backend.op.RolloutAdvanceBackward.
//   dNextState (rows, states) or null, dTailState (roots, states) -> dNext (rows, states)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::rollout_advance_backward;

void rollout_advance_backward(const Call& call, Team& team) {
  int64_t states = call.size(kStates);
  const int32_t *child = call.ints(kChild), *root_of = call.ints(kRoot);
  const float *d_next_state = call.in(kDNextState), *d_tail_state = call.in(kDTailState);
  int64_t begin, end;
  team.share(call.present(call.size(kRows), kCount), 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    int64_t root = root_of ? root_of[row] : row;
    bool went_on = child[row] >= 0 && d_next_state;
    const float* __restrict from =
        went_on ? d_next_state + child[row] * states : d_tail_state + root * states;
    float* __restrict to = call.out(kDNext) + row * states;
    for (int64_t d = 0; d < states; d++) to[d] = from[d];
  }
}

}  // namespace mpdp::MPDP_ISA
