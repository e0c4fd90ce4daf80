// Single-precision matrix products, sized for the register file.
//
// B comes in panels (panel.h), packed or where it is. A block of kBlockRows x one panel stays in
// registers over the whole depth, so every result is one sum in the order of k, whatever the
// tiling.
#pragma once
#include "mpdp/bfloat16.h"
#include "mpdp/panel.h"

namespace mpdp::MPDP_ISA {
namespace {

// A's element (i, k) of a block is at i * row + k * step; after kBlockRows rows, `far` words
// further.
struct Left {
  const float* a;
  int64_t row, step, far;
  MPDP_INLINE Left at(int64_t words) const { return {a + words, row, step, far}; }
};

// Strips of B: a row is read whole, the next one is `pitch` words further.
struct Panel {
  const float* words;
  int64_t pitch;
};

// sum + a b, or sum + what the pairs of bfloat16 in the words give.
template <class V, bool kPaired>
MPDP_INLINE V multiply_add(V sum, const float* a, V b) {
  if constexpr (kPaired) {
    return add_pairs(sum, a, b);
  } else {
    return sum + *a * b;
  }
}

// C (R, N vectors of kind V) = start + A panel, at least `floor`; depth is at least 1. Not inlined:
// inside a larger function the row offsets would spill.
template <int R, int N, class V, bool kPaired>
[[gnu::noinline]] void block(Left left, Panel panel, int64_t depth, const float* start, float* c,
                             int64_t stride, float floor) {
  constexpr int kNear = R < kBlockRows ? R : kBlockRows, n = sizeof(V) / sizeof(float);
  V sums[R][N];
  for (int j = 0; j < N; j++) {
    V first = start ? load_whole<V>(start + j * n) : V{};
    for (int i = 0; i < R; i++) sums[i][j] = first;
  }
  const float *a = left.a, *far = a + left.far;
  do {
    V b[N];
    for (int j = 0; j < N; j++) b[j] = load_whole<V>(panel.words + j * n);
#pragma GCC unroll 16
    for (int i = 0; i < kNear; i++) {
#pragma GCC unroll 4
      for (int j = 0; j < N; j++) {
        sums[i][j] = multiply_add<V, kPaired>(sums[i][j], a + i * left.row, b[j]);
      }
    }
#pragma GCC unroll 16
    for (int i = kNear; i < R; i++) {
      const float* row = far + (i - kNear) * left.row;
      for (int j = 0; j < N; j++) sums[i][j] = multiply_add<V, kPaired>(sums[i][j], row, b[j]);
    }
    a += left.step;
    far += left.step;
    panel.words += panel.pitch;
  } while (--depth > 0);
  V least = V{} + floor;
  for (int i = 0; i < R; i++) {
    for (int j = 0; j < N; j++) {
      V sum = sums[i][j];
      store_whole(c + i * stride + j * n, least > sum ? least : sum);
    }
  }
}

// Rows that one call of block_rows() computes when `left` are to go. A panel of one vector takes
// twice the rows: fewer sums than that wait for each other.
MPDP_INLINE int64_t block_height(int64_t left, int64_t width) {
  if (width <= kLanes && left >= 2 * kBlockRows) return 2 * kBlockRows;
  return left >= kBlockRows ? kBlockRows : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

template <int N, class V, bool kPaired>
inline void block_of_height(int64_t height, Left left, Panel panel, int64_t depth,
                            const float* start, float* c, int64_t stride, float floor) {
  switch (height) {
    case kBlockRows:
      return block<kBlockRows, N, V, kPaired>(left, panel, depth, start, c, stride, floor);
    case 4:
      return block<4, N, V, kPaired>(left, panel, depth, start, c, stride, floor);
    case 2:
      return block<2, N, V, kPaired>(left, panel, depth, start, c, stride, floor);
    case 1:
      return block<1, N, V, kPaired>(left, panel, depth, start, c, stride, floor);
  }
  if constexpr (N == 1) {
    block<2 * kBlockRows, N, V, kPaired>(left, panel, depth, start, c, stride, floor);
  }
}

constexpr float kNoFloor = -__builtin_inff();

// block_height() rows of C = start + A panel, at least `floor`; NaN stays NaN. Where words are
// pairs, depth counts words.
template <bool kPaired = false>
inline void block_rows(int64_t height, int64_t width, Left left, Panel panel, int64_t depth,
                       const float* start, float* c, int64_t stride, float floor = kNoFloor) {
  switch (width / kLanes) {
    case 0:
      return block_of_height<1, NarrowVec, kPaired>(height, left, panel, depth, start, c, stride,
                                                    floor);
    case 1:
      return block_of_height<1, Vec, kPaired>(height, left, panel, depth, start, c, stride, floor);
    case 2:
      return block_of_height<2, Vec, kPaired>(height, left, panel, depth, start, c, stride, floor);
  }
  if constexpr (kBlockVectors == 3) {
    block_of_height<3, Vec, kPaired>(height, left, panel, depth, start, c, stride, floor);
  }
}

// target = or += source, (rows, columns); their rows are `stride` and `pitch` words apart.
inline void put(const float* source, int64_t stride, int64_t rows, int64_t columns, bool add,
                float* target, int64_t pitch) {
  for (int64_t r = 0; r < rows; r++, source += stride, target += pitch) {
    for_vectors(columns, [&](int64_t c, int64_t lanes) {
      Vec v = load(source + c, lanes);
      store(target + c, add ? load(target + c, lanes) + v : v, lanes);
    });
  }
}
// The same where target's rows follow each other.
inline void put(const float* source, int64_t stride, int64_t rows, int64_t columns, bool add,
                float* target) {
  put(source, stride, rows, columns, add, target, columns);
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
