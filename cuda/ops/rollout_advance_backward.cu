// Backward pass of rollout_advance; see mpdp.backend.op.RolloutAdvanceBackward. A thread per
// element of dNext; 8 bytes an element.
#include "rows.cuh"

namespace mpdp::rollout_advance_backward {
using namespace operands::rollout_advance_backward;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t states = call.size(kStates), present = call.present(call.size(kRows), kCount);
  const int32_t* child = call.ints(kChild);          // (rows)
  const int32_t* root_of = call.ints(kRoot);         // (rows) or null
  const float* d_next_state = call.in(kDNextState);  // (rows, states) or null
  const float* d_tail_state = call.in(kDTailState);  // (roots, states)
  float* d_next = call.out(kDNext);                  // (rows, states)
  for (int64_t i : share.elements(present, states)) {
    Place at = place_of(i, states);
    int64_t next = child[at.row], root = root_of ? root_of[at.row] : at.row;
    d_next[i] = next >= 0 && d_next_state ? d_next_state[next * states + at.column]
                                          : d_tail_state[root * states + at.column];
  }
}

}  // namespace mpdp::rollout_advance_backward

MPDP_KERNEL(rollout_advance_backward, 256) {
  mpdp::rollout_advance_backward::run(call, mpdp::GridShare());
}
