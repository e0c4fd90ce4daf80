// Whether predicted states are terminal; see mpdp.backend.op.Termination. A warp per row: its lanes
// compare neighbouring words at once and vote.
#include "rows.cuh"

namespace mpdp::termination {

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t present = call.present(call.size(0), 3), states = call.size(1);
  bool inclusive = call.flag(2);
  const float* low = call.in(1);   // (states)
  const float* high = call.in(2);  // (states)
  float* done = call.out(4);       // (rows)
  int lane = static_cast<int>(threadIdx.x) % 32;
  for (int64_t row : share.warps(present)) {
    const float* next = call.in(0) + row * states;  // (rows, states): one of them
    bool inside = true;                             // a NaN fails every comparison
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
