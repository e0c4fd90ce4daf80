// Particles in the order in which their members evaluate them; see
// mpdp.backend.op.SequenceGather.
//   state, routedState (rows, states)    action (candidates, actions)    routedAction (rows,
//   actions)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
namespace {

void copy_row(int64_t n, const float* __restrict from, float* __restrict to) {
  for (int64_t d = 0; d < n; d++) to[d] = from[d];
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(sequence_gather)(const Call& call, Team& team) {
  int64_t candidates = call.size(1), states = call.size(2), actions = call.size(3);
  bool common = call.flag(4);
  const int32_t *order = call.ints(2), *root_of = call.ints(3);
  int64_t begin, end;
  team.share(call.present(call.size(0), 4), 16, &begin, &end);
  for (int64_t k = begin; k < end; k++) {
    int32_t row = order[k], root = root_of ? root_of[row] : row;
    copy_row(states, call.in(0) + (common ? 0 : row * states), call.out(5) + k * states);
    call.int_out(6)[k] = root;
    copy_row(actions, call.in(1) + root % candidates * actions, call.out(7) + k * actions);
  }
}
