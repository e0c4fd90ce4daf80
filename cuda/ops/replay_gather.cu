// A uniform batch of transitions from the replay ring; see mpdp.backend.op.ReplayGather. A thread
// per word of the drawn rows; each makes its row's draw again, which costs less than a pass that
// stores it. Of the ring only the drawn rows are read, about 100 bytes each.
#include "philox.cuh"
#include "rows.cuh"

namespace mpdp::replay_gather {
using namespace operands::replay_gather;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t states = call.size(kStates), actions = call.size(kActions),
          width = 2 * states + actions + 2;
  int64_t present = call.size(kRows), size = call.ints(kSize)[0];
  const float* columns =
      call.in(kColumns);  // (capacity, width): state, action, reward, next, terminated
  RandomState random(call.ints(kRandom));
  for (int64_t i : share.elements(present, width)) {
    Place at = place_of(i, width);
    int64_t from = index_of(draw_word(random, call.size(kSite), at.row), size);
    float value = columns[from * width + at.column];
    int64_t column = at.column;
    if (column == 0) call.int_out(kIndex)[at.row] = static_cast<int32_t>(from);  // (rows)
    if (column < states) {
      call.out(kState)[at.row * states + column] = value;  // (rows, states)
    } else if ((column -= states) < actions) {
      call.out(kAction)[at.row * actions + column] = value;  // (rows, actions)
    } else if ((column -= actions) == 0) {
      call.out(kReward)[at.row] = value;  // (rows)
    } else if (column <= states) {
      call.out(kNext)[at.row * states + column - 1] = value;  // (rows, states)
    } else {
      call.out(kDone)[at.row] = value;  // (rows)
    }
  }
}

}  // namespace mpdp::replay_gather

MPDP_KERNEL(replay_gather, 256) { mpdp::replay_gather::run(call, mpdp::GridShare()); }
