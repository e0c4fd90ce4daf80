// target = value. 4 bytes a word.
#include "common.cuh"

MPDP_KERNEL(fill, 256) {
  float* target = call.out(0);  // (words)
  int64_t words = call.size(0);
  float value = call.number(0);
  for (int64_t i = mpdp::first_item(); i < words; i += mpdp::item_stride()) target[i] = value;
}
