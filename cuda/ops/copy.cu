// target = source. 8 bytes a word. The two may be the same buffer, but may not overlap otherwise.
#include "common.cuh"

MPDP_KERNEL(copy, 256) {
  const float* source = call.in(0);  // (words)
  float* target = call.out(1);       // (words)
  int64_t words = call.size(0);
  for (int64_t i = mpdp::first_item(); i < words; i += mpdp::item_stride()) target[i] = source[i];
}
