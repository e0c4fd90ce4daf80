// Particles in the order in which their members evaluate them; see
// mpdp.backend.op.SequenceGather. A thread per word of (state, action); 8 bytes a word.
#include "rows.cuh"

namespace mpdp::sequence_gather {

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t candidates = call.size(1), states = call.size(2), actions = call.size(3);
  int64_t width = states + actions, present = call.present(call.size(0), 4);
  bool common = call.flag(4);
  const float* state = call.in(0);         // (rows, states), or (1, states) when common
  const float* action = call.in(1);        // (candidates, actions)
  const int32_t* order = call.ints(2);     // (rows)
  const int32_t* root_of = call.ints(3);   // (rows) or null
  float* routed_state = call.out(5);       // (rows, states)
  int32_t* routed_root = call.int_out(6);  // (rows)
  float* routed_action = call.out(7);      // (rows, actions)
  for (int64_t i : share.elements(present, width)) {
    Place at = place_of(i, width);
    int64_t k = at.row, d = at.column, row = order[k], root = root_of ? root_of[row] : row;
    if (d == 0) routed_root[k] = static_cast<int32_t>(root);
    if (d < states) {
      routed_state[k * states + d] = state[(common ? 0 : row * states) + d];
    } else {
      d -= states;
      int candidate = place_of(root, candidates).column;
      routed_action[k * actions + d] = action[candidate * actions + d];
    }
  }
}

}  // namespace mpdp::sequence_gather

MPDP_KERNEL(sequence_gather, 256) { mpdp::sequence_gather::run(call, mpdp::GridShare()); }
