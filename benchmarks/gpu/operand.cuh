// Operands of products whose rate is measured.
#pragma once
#include <cstdint>

// A float between 1 and 2, or two bfloat16, that differ from thread to thread: products of equal
// operands take less power, and so less time.
template <bool kBf16>
__device__ uint32_t operand(int i) {
  uint32_t bits = threadIdx.x * 2654435761u + blockIdx.x * 40503u + i * 2246822519u;
  return kBf16 ? 0x3f803f80u | (bits & 0x007f007fu) : 0x3f800000u | (bits & 0x007fffffu);
}
