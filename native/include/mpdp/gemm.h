// Packed single-precision matrix products, sized for the register file.
//
// B (depth, columns) is packed in panels of panel_width() columns, zero padded; the panel of column
// j starts at word (depth + head) * j, where `head` rows (0, or 1 for a bias) precede the panel's
// depth rows. A block of kBlockRows x one panel stays in registers over the whole depth, so every
// result is one sum in the order of k, whatever the tiling.
#pragma once
#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {
namespace {

#if defined(__AVX512F__)
constexpr int kBlockRows = 8, kBlockVectors = 3;  // 24 of 32 registers accumulate
#else
constexpr int kBlockRows = 6, kBlockVectors = 2;  // 12 of 16
#endif
constexpr int kPanel = kBlockVectors * kLanes;

// Width of the panel that starts with `left` columns to go.
MPDP_INLINE int64_t panel_width(int64_t left) {
  return left >= kPanel ? kPanel : round_up(left, kLanes);
}

MPDP_INLINE int64_t padded(int64_t columns) { return round_up(columns, kLanes); }

// One panel from row-major B: columns j .. j + width of `columns`.
inline void pack_panel(const float* b, int64_t depth, int64_t columns, int64_t j, float* panel) {
  int64_t width = panel_width(columns - j), n = columns - j < width ? columns - j : width;
  for (int64_t k = 0; k < depth; k++, b += columns, panel += width) {
    for (int64_t i = 0; i < width; i += kLanes) {
      store(panel + i, n > i ? load(b + j + i, n - i) : Vec{});
    }
  }
}

// The same from B's transpose, row-major (columns, depth).
inline void pack_panel_transposed(const float* b, int64_t depth, int64_t columns, int64_t j,
                                  float* panel) {
  int64_t width = panel_width(columns - j);
  for (int64_t i = 0; i < width; i++) {
    const float* row = b + (j + i) * depth;
    bool real = j + i < columns;
    for (int64_t k = 0; k < depth; k++) panel[k * width + i] = real ? row[k] : 0.0f;
  }
}

// C (R, V vectors) = start + A panel, where A's element (i, k) is a[i * row + k * step]. Not
// inlined: inside a larger function the row offsets would spill.
template <int R, int V>
[[gnu::noinline]] void block(const float* a, int64_t row, int64_t step, const float* panel,
                             int64_t depth, const float* start, float* c, int64_t stride) {
  Vec sums[R][V];
  for (int j = 0; j < V; j++) {
    Vec first = start ? load(start + j * kLanes) : Vec{};
    for (int i = 0; i < R; i++) sums[i][j] = first;
  }
#pragma GCC unroll 2
  for (int64_t k = 0; k < depth; k++, a += step, panel += V * kLanes) {
    Vec b[V];
    for (int j = 0; j < V; j++) b[j] = load(panel + j * kLanes);
    for (int i = 0; i < R; i++) {
      for (int j = 0; j < V; j++) sums[i][j] += a[i * row] * b[j];
    }
  }
  for (int i = 0; i < R; i++) {
    for (int j = 0; j < V; j++) store(c + i * stride + j * kLanes, sums[i][j]);
  }
}

template <int R>
inline void block_of_width(int64_t width, const float* a, int64_t row, int64_t step,
                           const float* panel, int64_t depth, const float* start, float* c,
                           int64_t stride) {
  switch (width / kLanes) {
    case 1:
      return block<R, 1>(a, row, step, panel, depth, start, c, stride);
    case 2:
      return block<R, 2>(a, row, step, panel, depth, start, c, stride);
#if defined(__AVX512F__)
    case 3:
      return block<R, 3>(a, row, step, panel, depth, start, c, stride);
#endif
  }
}

// Rows that one call of block_rows() computes when `left` are to go.
MPDP_INLINE int64_t block_height(int64_t left) {
  return left >= kBlockRows ? kBlockRows : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

// block_height() rows of C = start + A panel, A row-major with `lda` words a row.
inline void block_rows(int64_t height, int64_t width, const float* a, int64_t lda,
                       const float* panel, int64_t depth, const float* start, float* c,
                       int64_t stride) {
  switch (height) {
    case kBlockRows:
      return block_of_width<kBlockRows>(width, a, lda, 1, panel, depth, start, c, stride);
    case 4:
      return block_of_width<4>(width, a, lda, 1, panel, depth, start, c, stride);
    case 2:
      return block_of_width<2>(width, a, lda, 1, panel, depth, start, c, stride);
    default:
      return block_of_width<1>(width, a, lda, 1, panel, depth, start, c, stride);
  }
}

// target (rows, columns) = or += source (rows, padded columns).
inline void put(const float* source, int64_t stride, int64_t rows, int64_t columns, bool add,
                float* target) {
  for (int64_t r = 0; r < rows; r++, source += stride, target += columns) {
    for (int64_t c = 0; c < columns; c += kLanes) {
      Vec v = load(source + c);
      store(target + c, add ? load(target + c, columns - c) + v : v, columns - c);
    }
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
