// Particles in the order in which their members evaluate them; see
// mpdp.backend.op.SequenceGather.
//   state, routedState (rows, states)    action (candidates, actions)    routedAction (rows,
//   actions)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::sequence_gather;
namespace {

void copy_row(int64_t n, const float* __restrict from, float* __restrict to) {
  for (int64_t d = 0; d < n; d++) to[d] = from[d];
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(sequence_gather)(const Call& call, Team& team) {
  int64_t candidates = call.size(kCandidates), states = call.size(kStates),
          actions = call.size(kActions);
  bool common = call.flag(kCommon);
  const int32_t *order = call.ints(kOrder), *root_of = call.ints(kRoot);
  int64_t begin, end;
  team.share(call.present(call.size(kRows), kCount), 16, &begin, &end);
  for (int64_t k = begin; k < end; k++) {
    int32_t row = order[k], root = root_of ? root_of[row] : row;
    copy_row(states, call.in(kState) + (common ? 0 : row * states),
             call.out(kRoutedState) + k * states);
    call.int_out(kRoutedRoot)[k] = root;
    copy_row(actions, call.in(kAction) + root % candidates * actions,
             call.out(kRoutedAction) + k * actions);
  }
}
