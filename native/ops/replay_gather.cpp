// A uniform batch of transitions from the replay ring; see mpdp.backend.op.ReplayGather.
//   columns (capacity, 2 states + actions + 2): state, action, reward, next state, terminated
#include "mpdp/kernel.h"
#include "mpdp/philox.h"

namespace mpdp::MPDP_ISA {
using namespace operands::replay_gather;
namespace {

const float* take(int64_t n, const float* __restrict from, float* __restrict to) {
  for (int64_t d = 0; d < n; d++) to[d] = from[d];
  return from + n;
}

}  // namespace

void replay_gather(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), states = call.size(kStates), actions = call.size(kActions);
  int64_t width = 2 * states + actions + 2, size = call.ints(kSize)[0];
  RandomState random(call.ints(kRandom));
  int32_t* index = call.int_out(kIndex);
  int64_t begin, end;
  team.share(rows, PhiloxTile::kWords, &begin, &end);
  uint32_t words[PhiloxTile::kWords];
  for (int64_t row = begin; row < end; row++) {
    int64_t i = (row - begin) % PhiloxTile::kWords;
    if (i == 0) draw_words(random, call.size(kSite), row, PhiloxTile::kWords, words);
    int64_t from = index_of(words[i], size);
    index[row] = static_cast<int32_t>(from);
    const float* column = call.in(kColumns) + from * width;
    column = take(states, column, call.out(kState) + row * states);
    column = take(actions, column, call.out(kAction) + row * actions);
    column = take(1, column, call.out(kReward) + row);
    column = take(states, column, call.out(kNext) + row * states);
    take(1, column, call.out(kDone) + row);
  }
}

}  // namespace mpdp::MPDP_ISA
