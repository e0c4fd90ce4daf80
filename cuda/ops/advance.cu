// Steps the random state's 64-bit counter; see mpdp.backend.op.Advance.
#include "common.cuh"

MPDP_KERNEL(advance, 32) {
  using namespace mpdp::operands::advance;
  if (threadIdx.x != 0) return;
  auto* words = reinterpret_cast<uint32_t*>(call.int_out(kRandom));  // (4): key, step
  uint32_t low = words[2] + 1;
  words[2] = low;
  if (low == 0) words[3]++;
}
