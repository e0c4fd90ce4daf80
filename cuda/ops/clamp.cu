// target = min(max(target, low), high), a NaN stays; see mpdp.backend.op.Clamp. 8 bytes a word.
#include "math.cuh"

MPDP_KERNEL(clamp, 256) {
  float* target = call.out(0);  // (words)
  int64_t words = call.size(0);
  float low = call.number(0), high = call.number(1);
  for (int64_t i = mpdp::first_item(); i < words; i += mpdp::item_stride()) {
    target[i] = mpdp::clamp_to(target[i], low, high);
  }
}
