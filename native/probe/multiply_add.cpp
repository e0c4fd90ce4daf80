// The most multiply-adds this instruction set does: what kernels are measured against.
//
// Independent chains in registers, enough to hide the latency of a multiply-add (4 cycles at 2 a
// cycle) on every set; nothing is read from memory. Compiled once per instruction set.
#include "probe/multiply_add.h"

#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {

// 2 flops per lane of each chain and round. The result keeps the compiler from dropping the work.
double multiply_add(int64_t rounds) {
  Vec chains[kProbeChains];
  Vec zero = {}, factor = zero + 0.999f, term = zero + 0.001f;
#pragma GCC unroll 16  // chains must live in registers
  for (int c = 0; c < kProbeChains; c++) chains[c] = zero + static_cast<float>(c);
  for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 16
    for (int c = 0; c < kProbeChains; c++) {
      chains[c] = chains[c] * factor + term;
      asm("" : "+x"(chains[c]));
    }
  }
  Vec total = zero;
#pragma GCC unroll 16
  for (int c = 0; c < kProbeChains; c++) total += chains[c];
  return sum(total);
}

int64_t multiply_add_flops() { return 2 * kLanes * kProbeChains; }

}  // namespace mpdp::MPDP_ISA
