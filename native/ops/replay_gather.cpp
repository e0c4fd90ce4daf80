// A uniform batch of transitions from the replay ring; see mpdp.backend.op.ReplayGather.
//   columns (capacity, 2 states + actions + 2): state, action, reward, next state, terminated
#include "mpdp/kernel.h"
#include "mpdp/philox.h"

namespace mpdp::MPDP_ISA {
namespace {

const float* take(int64_t n, const float* __restrict from, float* __restrict to) {
  for (int64_t d = 0; d < n; d++) to[d] = from[d];
  return from + n;
}

}  // namespace

void replay_gather(const Call& call, Team& team) {
  int64_t rows = call.size(0), states = call.size(1), actions = call.size(2);
  int64_t width = 2 * states + actions + 2, size = call.ints(1)[0];
  RandomState random(call.ints(2));
  int32_t* index = call.int_out(3);
  int64_t begin, end;
  team.share(rows, PhiloxTile::kWords, &begin, &end);
  uint32_t words[PhiloxTile::kWords];
  for (int64_t row = begin; row < end; row++) {
    int64_t i = (row - begin) % PhiloxTile::kWords;
    if (i == 0) draw_words(random, call.size(3), row, PhiloxTile::kWords, words);
    int64_t from = index_of(words[i], size);
    index[row] = static_cast<int32_t>(from);
    const float* column = call.in(0) + from * width;
    column = take(states, column, call.out(4) + row * states);
    column = take(actions, column, call.out(5) + row * actions);
    column = take(1, column, call.out(6) + row);
    column = take(states, column, call.out(7) + row * states);
    take(1, column, call.out(8) + row);
  }
}

}  // namespace mpdp::MPDP_ISA
