// dState and dAction are dx times inverse; see mpdp.backend.op.NormalizeBackward. A thread per
// element of dx; 8 bytes an element, 12 where it accumulates.
#include "math.cuh"
#include "rows.cuh"

namespace mpdp::normalize_backward {

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t states = call.size(1), actions = call.size(2), width = states + actions;
  int64_t present = call.present(call.size(0), 2);
  const float* dx = call.in(0);         // (rows, states + actions)
  const float* inverse = call.in(1);    // (states + actions)
  const int32_t* place = call.ints(3);  // (rows) or null: row i is at i
  float* d_state = call.out(4);         // (rows, states) or null
  float* d_action = call.out(5);        // (rows, actions) or null
  for (int64_t i : share.elements(present, width)) {
    Place at = place_of(i, width);
    bool of_state = at.column < states;
    float* target = of_state ? d_state : d_action;
    if (!target) continue;
    target += of_state ? at.row * states + at.column : at.row * actions + at.column - states;
    int64_t from = place ? place[at.row] * width + at.column : i;
    put(target, dx[from] * inverse[at.column], call.flag(of_state ? 3 : 4));
  }
}

}  // namespace mpdp::normalize_backward

MPDP_KERNEL(normalize_backward, 256) { mpdp::normalize_backward::run(call, mpdp::GridShare()); }
