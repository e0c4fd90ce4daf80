// Start states of the next update, from running rollouts or fresh from the replay; see
// mpdp.backend.op.RestartStates.
//   next, fresh, state (rows, states)    child (rows)
#include "mpdp/kernel.h"
#include "mpdp/philox.h"

namespace mpdp::MPDP_ISA {

void restart_states(const Call& call, Team& team) {
  int64_t rows = call.size(0), states = call.size(1);
  float restart = call.number(0);
  const int32_t* child = call.ints(0);
  RandomState random(call.ints(3));
  int64_t begin, end;
  team.share(rows, PhiloxTile::kWords, &begin, &end);
  float uniforms[PhiloxTile::kWords];
  for (int64_t row = begin; row < end; row++) {
    int64_t i = (row - begin) % PhiloxTile::kWords;
    if (i == 0) draw_uniforms(random, call.size(2), row, PhiloxTile::kWords, uniforms);
    bool goes_on = child[row] >= 0 && !(uniforms[i] < restart);
    const float* __restrict from = (goes_on ? call.in(1) : call.in(2)) + row * states;
    float* __restrict to = call.out(4) + row * states;
    for (int64_t d = 0; d < states; d++) to[d] = from[d];
  }
}

}  // namespace mpdp::MPDP_ISA
