// Whether predicted states are terminal; see mpdp.backend.op.Termination. A thread per row: its
// states are a run of words that it reads through L1.
#include "common.cuh"

MPDP_KERNEL(termination, 256) {
  int64_t present = call.present(call.size(0), 3), states = call.size(1);
  bool inclusive = call.flag(2);
  const float* low = call.in(1);   // (states)
  const float* high = call.in(2);  // (states)
  float* done = call.out(4);       // (rows)
  for (int64_t row = mpdp::first_item(); row < present; row += mpdp::item_stride()) {
    const float* next = call.in(0) + row * states;  // (rows, states): one of them
    bool inside = true;                             // a NaN fails every comparison
    for (int64_t d = 0; d < states; d++) {
      float value = next[d];
      bool strictly = value > low[d] && value < high[d];
      bool weakly = value >= low[d] && value <= high[d];
      inside = inside && (inclusive ? weakly : strictly);
    }
    done[row] = inside ? 0.0f : 1.0f;
  }
}
