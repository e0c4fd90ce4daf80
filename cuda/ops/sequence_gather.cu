// Particles in the order in which their members evaluate them; see
// mpdp.backend.op.SequenceGather. A thread per word of (state, action); 8 bytes a word.
#include "rows.cuh"

namespace mpdp::sequence_gather {
using namespace operands::sequence_gather;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t candidates = call.size(kCandidates), states = call.size(kStates),
          actions = call.size(kActions);
  int64_t width = states + actions, present = call.present(call.size(kRows), kCount);
  bool common = call.flag(kCommon);
  const float* state = call.in(kState);              // (rows, states), or (1, states) when common
  const float* action = call.in(kAction);            // (candidates, actions)
  const int32_t* order = call.ints(kOrder);          // (rows)
  const int32_t* root_of = call.ints(kRoot);         // (rows) or null
  float* routed_state = call.out(kRoutedState);      // (rows, states)
  int32_t* routed_root = call.int_out(kRoutedRoot);  // (rows)
  float* routed_action = call.out(kRoutedAction);    // (rows, actions)
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
