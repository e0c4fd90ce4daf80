// x = ((state, action) - mean) inverse; see mpdp.backend.op.Normalize. A thread per element of x;
// 8 bytes an element.
#include "rows.cuh"

namespace mpdp::normalize {

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t states = call.size(1), actions = call.size(2), width = states + actions;
  int64_t present = call.present(call.size(0), 4);
  const float* state = call.in(0);      // (rows, states)
  const float* action = call.in(1);     // (rows, actions) or null
  const float* mean = call.in(2);       // (states + actions)
  const float* inverse = call.in(3);    // (states + actions)
  const int32_t* place = call.ints(5);  // (rows) or null: row i is at i
  float* x = call.out(6);               // (rows, states + actions)
  for (int64_t i : share.elements(present, width)) {
    Place at = place_of(i, width);
    float value = at.column < states ? state[at.row * states + at.column]
                                     : action[at.row * actions + at.column - states];
    int64_t to = place ? place[at.row] * width + at.column : i;
    x[to] = (value - mean[at.column]) * inverse[at.column];
  }
}

}  // namespace mpdp::normalize

MPDP_KERNEL(normalize, 256) { mpdp::normalize::run(call, mpdp::GridShare()); }
