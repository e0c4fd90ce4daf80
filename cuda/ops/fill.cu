// target = value. 4 bytes a word, 16 bytes at a time where the target is aligned.
#include "math.cuh"

MPDP_KERNEL(fill, 256) {
  using namespace mpdp::operands::fill;
  float* target = call.out(kTarget);  // (words)
  int64_t words = call.size(kWords), first = mpdp::first_item(), stride = mpdp::item_stride();
  float value = call.number(kValue);
  int64_t fours = mpdp::aligned16(target) ? words / 4 : 0;
  for (int64_t i = first; i < fours; i += stride) {
    reinterpret_cast<float4*>(target)[i] = make_float4(value, value, value, value);
  }
  for (int64_t i = 4 * fours + first; i < words; i += stride) target[i] = value;
}
