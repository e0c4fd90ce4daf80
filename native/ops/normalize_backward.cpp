// dState and dAction are dx times inv_std; see mpdp.backend.op.NormalizeBackward.
//   dx (rows, states + actions)    dState (rows, states) or null    dAction (rows, actions) or null
//   place (rows), where a row's dx is, or null
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::normalize_backward;
namespace {

void scale(bool accumulate, int64_t n, const float* __restrict dx, const float* __restrict inv_std,
           float* __restrict to) {
  if (accumulate) {
    for (int64_t d = 0; d < n; d++) to[d] += dx[d] * inv_std[d];
  } else {
    for (int64_t d = 0; d < n; d++) to[d] = dx[d] * inv_std[d];
  }
}

}  // namespace

void normalize_backward(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), states = call.size(kStates), actions = call.size(kActions);
  const float* inv_std = call.in(kInvStd);
  const int32_t* place = call.ints(kPlace);
  float *d_state = call.out(kDState), *d_action = call.out(kDAction);
  int64_t begin, end;
  team.share(call.present(rows, kCount), 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    const float* dx = call.in(kDx) + (place ? place[row] : row) * (states + actions);
    if (d_state) scale(call.flag(kAccumulateState), states, dx, inv_std, d_state + row * states);
    if (d_action) {
      scale(call.flag(kAccumulateAction), actions, dx + states, inv_std + states,
            d_action + row * actions);
    }
  }
}

}  // namespace mpdp::MPDP_ISA
