// Hidden activations in place, with what a backward pass needs of them.
#pragma once
#include "mpdp/panel.h"

namespace mpdp::MPDP_ISA {
namespace {

// Activates n lanes in place; SiLU's derivative goes to the tape.
template <bool kSilu, bool kKeep>
MPDP_INLINE void activate_vector(float* z, float* derivative, int64_t n) {
  Vec v = load(z, n);
  if constexpr (kSilu) {
    Vec s = sigmoid(v), result = v * s;
    if constexpr (kKeep) store(derivative, s + result * (1.0f - s), n);
    store(z, result, n);
  } else {
    store(z, at_least(v, 0.0f), n);
  }
}

// Activates `rows` x `columns` of z in place; rows of the derivative are `width` words apart.
template <bool kSilu, bool kKeep>
void activate_rows(float* z, int64_t stride, int64_t rows, int64_t columns, float* derivative,
                   int64_t width) {
  for (; rows > 0; rows--, z += stride, derivative += width) {
    if (columns == kPanel) {
#pragma GCC unroll 2
      for (int c = 0; c < kPanel; c += kLanes) {
        activate_vector<kSilu, kKeep>(z + c, derivative + c, kLanes);
      }
    } else {
      for_vectors(columns, [&](int64_t c, int64_t lanes) {
        activate_vector<kSilu, kKeep>(z + c, derivative + c, lanes);
      });
    }
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
