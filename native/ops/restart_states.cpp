// Start states of the next update, from running rollouts or fresh from the replay; see
// mpdp.backend.op.RestartStates.
//   next, fresh, state (rows, states)    child (rows)
#include "mpdp/kernel.h"
#include "mpdp/philox.h"

namespace mpdp::MPDP_ISA {
using namespace operands::restart_states;

void restart_states(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), states = call.size(kStates);
  float restart = call.number(kRestart);
  const int32_t* child = call.ints(kChild);
  RandomState random(call.ints(kRandom));
  int64_t begin, end;
  team.share(rows, PhiloxTile::kWords, &begin, &end);
  float uniforms[PhiloxTile::kWords];
  for (int64_t row = begin; row < end; row++) {
    int64_t i = (row - begin) % PhiloxTile::kWords;
    if (i == 0) draw_uniforms(random, call.size(kSite), row, PhiloxTile::kWords, uniforms);
    bool goes_on = child[row] >= 0 && !(uniforms[i] < restart);
    const float* __restrict from = (goes_on ? call.in(kNext) : call.in(kFresh)) + row * states;
    float* __restrict to = call.out(kState) + row * states;
    for (int64_t d = 0; d < states; d++) to[d] = from[d];
  }
}

}  // namespace mpdp::MPDP_ISA
