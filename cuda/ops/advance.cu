// Steps the random state's 64-bit counter; see mpdp.backend.op.Advance.
#include "common.cuh"

MPDP_KERNEL(advance, 32) {
  if (threadIdx.x != 0) return;
  auto* words = static_cast<uint32_t*>(call.buffers[0]);  // (4): key, step
  uint32_t low = words[2] + 1;
  words[2] = low;
  if (low == 0) words[3]++;
}
