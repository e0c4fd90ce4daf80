// Hidden activations, with what a backward pass needs of them.
#pragma once
#include "mpdp/bfloat16.h"

namespace mpdp::MPDP_ISA {
namespace {

// The activations of n lanes; SiLU's derivative goes to the tape. Without one, what is rounded to
// bfloat16 may be rough.
template <bool kSilu, bool kKeep, bool kRough = false>
MPDP_INLINE Vec activated(Vec v, float* derivative, int64_t n) {
  if constexpr (kSilu && kRough && !kKeep) {
    return v * rough_sigmoid(v);
  } else if constexpr (kSilu) {
    Vec s = sigmoid(v), result = v * s;
    if constexpr (kKeep) store(derivative, s + result * (1.0f - s), n);
    return result;
  } else {
    return at_least(v, 0.0f);
  }
}

// Activates `rows` x `columns` of z in place; rows of the derivative are `width` words apart.
template <bool kSilu, bool kKeep>
void activate_rows(float* z, int64_t stride, int64_t rows, int64_t columns, float* derivative,
                   int64_t width) {
  for (; rows > 0; rows--, z += stride, derivative += width) {
    if (columns == kPanel) {
#pragma GCC unroll 3
      for (int c = 0; c < kPanel; c += kLanes) {
        store(z + c, activated<kSilu, kKeep>(load(z + c), derivative + c, kLanes));
      }
    } else {
      for_vectors(columns, [&](int64_t c, int64_t lanes) {
        store(z + c, activated<kSilu, kKeep>(load(z + c, lanes), derivative + c, lanes), lanes);
      });
    }
  }
}

// Activates `rows` x `columns` of z, a block's results, whose rows are kPairPanel words apart:
// pairs of neighbours, and zeros up to `room` words, go to `words`, rows `stride` words apart.
template <bool kSilu, bool kKeep>
void activate_pairs(const float* z, int64_t rows, int64_t columns, float* words, int64_t room,
                    int64_t stride, float* derivative, int64_t width) {
  for (; rows > 0; rows--, z += kPairPanel, words += stride, derivative += width) {
    int64_t rest = columns - kLanes;
    Vec low = activated<kSilu, kKeep, true>(load(z, columns), derivative, columns), high = {};
    if (rest > 0) {
      high = activated<kSilu, kKeep, true>(load(z + kLanes, rest), derivative + kLanes, rest);
    }
    store(words, pair_neighbours(low, high), room);
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
