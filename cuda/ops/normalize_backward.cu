// dState and dAction are dx times inv_std; see mpdp.backend.op.NormalizeBackward. A thread per
// element of dx; 8 bytes an element, 12 where it accumulates.
#include "math.cuh"
#include "rows.cuh"

namespace mpdp::normalize_backward {
using namespace operands::normalize_backward;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t states = call.size(kStates), actions = call.size(kActions), width = states + actions;
  int64_t present = call.present(call.size(kRows), kCount);
  const float* dx = call.in(kDx);            // (rows, states + actions)
  const float* inv_std = call.in(kInvStd);   // (states + actions)
  const int32_t* place = call.ints(kPlace);  // (rows) or null: row i is at i
  float* d_state = call.out(kDState);        // (rows, states) or null
  float* d_action = call.out(kDAction);      // (rows, actions) or null
  for (int64_t i : share.elements(present, width)) {
    Place at = place_of(i, width);
    bool of_state = at.column < states;
    float* target = of_state ? d_state : d_action;
    if (!target) continue;
    target += of_state ? at.row * states + at.column : at.row * actions + at.column - states;
    int64_t from = place ? place[at.row] * width + at.column : i;
    put(target, dx[from] * inv_std[at.column],
        call.flag(of_state ? kAccumulateState : kAccumulateAction));
  }
}

}  // namespace mpdp::normalize_backward

MPDP_KERNEL(normalize_backward, 256) { mpdp::normalize_backward::run(call, mpdp::GridShare()); }
