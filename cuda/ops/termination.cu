// Whether predicted states are terminal; see mpdp.backend.op.Termination. A warp per row: its lanes
// compare neighbouring words at once and vote.
#include "rows.cuh"

namespace mpdp::termination {
using namespace operands::termination;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t present = call.present(call.size(kRows), kCount), states = call.size(kStates);
  bool inclusive = call.flag(kInclusive);
  const float* low = call.in(kLow);    // (states)
  const float* high = call.in(kHigh);  // (states)
  float* done = call.out(kDone);       // (rows)
  int lane = static_cast<int>(threadIdx.x) % 32;
  for (int64_t row : share.warps(present)) {
    const float* next = call.in(kNext) + row * states;  // (rows, states): one of them
    bool inside = true;                                 // a NaN fails every comparison
    for (int64_t d = lane; d < states; d += 32) {
      float value = next[d], least = low[d], most = high[d];
      inside &= inclusive ? value >= least && value <= most : value > least && value < most;
    }
    bool ended = !__all_sync(~0u, inside);
    if (lane == 0) done[row] = ended ? 1.0f : 0.0f;
  }
}

}  // namespace mpdp::termination

MPDP_KERNEL(termination, 256) { mpdp::termination::run(call, mpdp::GridShare()); }
