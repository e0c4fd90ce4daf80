// target = min(max(target, low), high), a NaN stays; see mpdp.backend.op.Clamp. 8 bytes a word.
#include "math.cuh"

MPDP_KERNEL(clamp, 256) {
  using namespace mpdp::operands::clamp;
  float* target = call.out(kTarget);  // (words)
  int64_t words = call.size(kWords);
  float low = call.number(kLow), high = call.number(kHigh);
  for (int64_t i = mpdp::first_item(); i < words; i += mpdp::item_stride()) {
    target[i] = mpdp::clamp_to(target[i], low, high);
  }
}
