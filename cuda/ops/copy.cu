// target = source. 8 bytes a word, 16 bytes at a time where both are aligned. The two may be the
// same buffer, but may not overlap otherwise.
#include "math.cuh"

MPDP_KERNEL(copy, 256) {
  using namespace mpdp::operands::copy;
  const float* source = call.in(kSource);  // (words)
  float* target = call.out(kTarget);       // (words)
  int64_t words = call.size(kWords), first = mpdp::first_item(), stride = mpdp::item_stride();
  int64_t fours = mpdp::aligned16(source) && mpdp::aligned16(target) ? words / 4 : 0;
  for (int64_t i = first; i < fours; i += stride) {
    reinterpret_cast<float4*>(target)[i] = reinterpret_cast<const float4*>(source)[i];
  }
  for (int64_t i = 4 * fours + first; i < words; i += stride) target[i] = source[i];
}
