// x = ((state, action) - mean) inv_std; see mpdp.backend.op.Normalize.
//   state (rows, states)    action (rows, actions) or null    x (rows, states + actions)
//   place (rows), where a row's x goes, or null
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::normalize;
namespace {

void standardise(int64_t n, const float* __restrict from, const float* __restrict mean,
                 const float* __restrict inv_std, float* __restrict to) {
  for (int64_t d = 0; d < n; d++) to[d] = (from[d] - mean[d]) * inv_std[d];
}

}  // namespace

void normalize(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), states = call.size(kStates), actions = call.size(kActions);
  const float *state = call.in(kState), *action = call.in(kAction), *mean = call.in(kMean),
              *inv_std = call.in(kInvStd);
  const int32_t* place = call.ints(kPlace);
  int64_t begin, end;
  team.share(call.present(rows, kCount), 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    float* x = call.out(kX) + (place ? place[row] : row) * (states + actions);
    standardise(states, state + row * states, mean, inv_std, x);
    if (!action) continue;
    standardise(actions, action + row * actions, mean + states, inv_std + states, x + states);
  }
}

}  // namespace mpdp::MPDP_ISA
