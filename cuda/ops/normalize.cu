// x = ((state, action) - mean) inv_std; see mpdp.backend.op.Normalize. A thread per element of x;
// 8 bytes an element.
#include "rows.cuh"

namespace mpdp::normalize {
using namespace operands::normalize;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t states = call.size(kStates), actions = call.size(kActions), width = states + actions;
  int64_t present = call.present(call.size(kRows), kCount);
  const float* state = call.in(kState);      // (rows, states)
  const float* action = call.in(kAction);    // (rows, actions) or null
  const float* mean = call.in(kMean);        // (states + actions)
  const float* inv_std = call.in(kInvStd);   // (states + actions)
  const int32_t* place = call.ints(kPlace);  // (rows) or null: row i is at i
  float* x = call.out(kX);                   // (rows, states + actions)
  for (int64_t i : share.elements(present, width)) {
    Place at = place_of(i, width);
    float value = at.column < states ? state[at.row * states + at.column]
                                     : action[at.row * actions + at.column - states];
    int64_t to = place ? place[at.row] * width + at.column : i;
    x[to] = (value - mean[at.column]) * inv_std[at.column];
  }
}

}  // namespace mpdp::normalize

MPDP_KERNEL(normalize, 256) { mpdp::normalize::run(call, mpdp::GridShare()); }
