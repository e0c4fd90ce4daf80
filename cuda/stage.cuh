// Copies from global to shared memory that run while the block computes; under the emulator, plain
// copies that are done when the call returns.
#pragma once
#include "common.cuh"

namespace mpdp {

#if !defined(MPDP_EMULATOR)
// Both pointers are multiples of 16 bytes.
MPDP_DEVICE void stage16(float* to, const float* from) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(
                   static_cast<unsigned>(__cvta_generic_to_shared(to))),
               "l"(from)
               : "memory");
}
MPDP_DEVICE void stage4(float* to, const float* from) {
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(
                   static_cast<unsigned>(__cvta_generic_to_shared(to))),
               "l"(from)
               : "memory");
}
// Ends a group of this thread's copies.
MPDP_DEVICE void stage_end() { asm volatile("cp.async.commit_group;" ::: "memory"); }
// All but the last kGroups groups of this thread are done; a barrier makes the others' visible.
template <int kGroups>
MPDP_DEVICE void stage_wait() {
  asm volatile("cp.async.wait_group %0;" ::"n"(kGroups) : "memory");
}
#else
MPDP_DEVICE void stage16(float* to, const float* from) {
  *reinterpret_cast<float4*>(to) = *reinterpret_cast<const float4*>(from);
}
MPDP_DEVICE void stage4(float* to, const float* from) { *to = *from; }
MPDP_DEVICE void stage_end() {}
template <int kGroups>
MPDP_DEVICE void stage_wait() {}
#endif

}  // namespace mpdp
