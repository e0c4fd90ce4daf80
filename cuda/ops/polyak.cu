// Target network: target += rate (source - target). 12 bytes and 3 flops a word; 16 bytes at a
// time, so that few threads keep enough loads in flight.
#include "math.cuh"

namespace mpdp::polyak {
using namespace operands::polyak;
MPDP_DEVICE float moved(float target, float source, float rate) {
  return target + rate * (source - target);
}
}  // namespace mpdp::polyak

MPDP_KERNEL(polyak, 256) {
  using namespace mpdp::operands::polyak;
  using mpdp::polyak::moved;
  const float* source = call.in(kSource);  // (words)
  float* target = call.out(kTarget);       // (words)
  int64_t words = call.size(kWords), first = mpdp::first_item(), stride = mpdp::item_stride();
  float rate = call.number(kRate);
  int64_t fours = mpdp::aligned16(source) && mpdp::aligned16(target) ? words / 4 : 0;
  for (int64_t i = first; i < fours; i += stride) {
    float4 s = reinterpret_cast<const float4*>(source)[i];
    float4 t = reinterpret_cast<float4*>(target)[i];
    reinterpret_cast<float4*>(target)[i] = make_float4(
        moved(t.x, s.x, rate), moved(t.y, s.y, rate), moved(t.z, s.z, rate), moved(t.w, s.w, rate));
  }
  for (int64_t i = 4 * fours + first; i < words; i += stride) {
    target[i] = moved(target[i], source[i], rate);
  }
}
