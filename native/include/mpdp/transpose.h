// 16 x 16 words transposed in registers, by exchanging ever smaller squares.
#pragma once
#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {
namespace {

// One step of a transposition: of the lanes l of a and b those with l & kStep == 0 of both, or the
// others, those of b kStep lanes further.
template <int kStep, bool kSecond>
MPDP_INLINE Vec exchanged(Vec a, Vec b) {
  IntVec index;
  for (int l = 0; l < kLanes; l++) {
    index[l] = l & kStep ? kLanes + (kSecond ? l : l - kStep) : (kSecond ? l + kStep : l);
  }
  return __builtin_shuffle(a, b, index);
}
template <int kStep>
MPDP_INLINE void exchange(Vec* rows) {
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; i++) {
    if (i & kStep) continue;
    Vec a = rows[i], b = rows[i + kStep];
    rows[i] = exchanged<kStep, false>(a, b);
    rows[i + kStep] = exchanged<kStep, true>(a, b);
  }
}
// 16 x 16 words, to rows that are `stride` words apart.
MPDP_INLINE void store_transposed(Vec* rows, float* to, int64_t stride) {
  exchange<8>(rows);
  exchange<4>(rows);
  exchange<2>(rows);
  exchange<1>(rows);
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; i++) store(to + i * stride, rows[i]);
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
