// Panels: B (depth, columns) in strips of a few vectors, zero padded, as blocks of gemm.h read it.
//
// A panel is panel_width() columns wide; its rows follow each other.
#pragma once
#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {
namespace {

// Sums that stay in registers: 16 of 32, or 12 of 16. More of the 32 are no faster in themselves,
// and wider panels leave a first-level cache of 32 KB: 8 x 3 vectors took 3 % longer on Zen 4,
// 12 and 14 x 2 took 5 %.
constexpr int kBlockRows = kLanes == 16 ? 8 : 6, kBlockVectors = 2;
constexpr int kPanel = kBlockVectors * kLanes;

MPDP_INLINE int64_t padded(int64_t columns) { return round_up(columns, kGrain); }

// Width of the panel that starts with `left` columns to go: whole vectors, or the narrow one that
// ends a row.
MPDP_INLINE int64_t panel_width(int64_t left) {
  if (left >= kPanel) return kPanel;
  int64_t rest = left % kLanes;
  if (kGrain == kLanes || rest == 0 || rest > kGrain) return round_up(left, kLanes);
  return left > kLanes ? left - rest : kGrain;
}

// One panel from row-major B: columns j .. j + width of `columns`.
inline void pack_panel(const float* b, int64_t depth, int64_t columns, int64_t j, float* panel) {
  int64_t width = panel_width(columns - j), n = columns - j < width ? columns - j : width;
  b += j;
  if (n == width && width >= kLanes) {
    for (int64_t k = 0; k < depth; k++, b += columns, panel += width) {
      for (int64_t i = 0; i < width; i += kLanes) store(panel + i, load(b + i));
    }
    return;
  }
  for (int64_t k = 0; k < depth; k++, b += columns, panel += width) {
    for (int64_t i = 0; i < width; i += kLanes) {
      int64_t lanes = width - i < kLanes ? width - i : kLanes;
      store(panel + i, load(b + i, n - i), lanes);
    }
  }
}

// Transposes as many vectors as they have lanes: lane i of vector k becomes lane k of vector i.
template <class V, class I>
MPDP_INLINE void transpose(V* v) {
  constexpr int n = sizeof(V) / sizeof(float);
  I low, high;
  for (int i = 0; i < n; i++) {
    low[i] = i / 2 + (i % 2) * n;
    high[i] = low[i] + n / 2;
  }
#pragma GCC unroll 4
  for (int step = 1; step < n; step *= 2) {
    V next[n];
#pragma GCC unroll 8
    for (int i = 0; i < n / 2; i++) {
      next[2 * i] = __builtin_shuffle(v[i], v[i + n / 2], low);
      next[2 * i + 1] = __builtin_shuffle(v[i], v[i + n / 2], high);
    }
#pragma GCC unroll 16
    for (int i = 0; i < n; i++) v[i] = next[i];
  }
}

// Whole rows, as many as V has lanes, from `from` on (depth words apart) become columns of `to`
// (width words apart).
template <class V, class I>
inline void transpose_rows(const float* from, int64_t depth, float* to, int64_t width) {
  constexpr int n = sizeof(V) / sizeof(float);
  int64_t k = 0;
  for (; k + n <= depth; k += n) {
    V v[n];
#pragma GCC unroll 16
    for (int r = 0; r < n; r++) v[r] = load_whole<V>(from + r * depth + k);
    transpose<V, I>(v);
#pragma GCC unroll 16
    for (int c = 0; c < n; c++) store_whole(to + (k + c) * width, v[c]);
  }
  for (; k < depth; k++) {
    for (int r = 0; r < n; r++) to[k * width + r] = from[r * depth + k];
  }
}

// One panel from B's transpose, row-major (columns, depth).
inline void pack_panel_transposed(const float* b, int64_t depth, int64_t columns, int64_t j,
                                  float* panel) {
  int64_t width = panel_width(columns - j);
  for (int64_t i = 0; i < width; i += kLanes) {
    int64_t lanes = width - i < kLanes ? width - i : kLanes, rows = columns - j - i;
    const float* from = b + (j + i) * depth;
    if (rows >= kLanes) {
      transpose_rows<Vec, IntVec>(from, depth, panel + i, width);
    } else if (lanes == kGrain && rows >= kGrain) {
      transpose_rows<NarrowVec, NarrowIntVec>(from, depth, panel + i, width);
    } else {
      for (int64_t k = 0; k < depth; k++) {
        float* to = panel + k * width + i;
        for (int64_t r = 0; r < lanes; r++) to[r] = r < rows ? from[r * depth + k] : 0.0f;
      }
    }
  }
}

// Asks for memory that is read soon, a few rows at a time while blocks are multiplied: all at once,
// its cache lines would wait for each other.
class Prefetch {
 public:
  Prefetch() = default;
  // `columns` words, at least 1, of each of `rows` rows that are `stride` words apart.
  Prefetch(const float* from, int64_t rows, int64_t columns, int64_t stride)
      : from_(from), left_(rows), last_(columns - 1), stride_(stride) {}
  // The panel at column j of row-major B (depth, columns).
  static Prefetch panel(const float* b, int64_t depth, int64_t columns, int64_t j) {
    return Prefetch(b + j, depth, panel_columns(columns, j), columns);
  }
  // The same of B's transpose, row-major (columns, depth): one run of memory.
  static Prefetch panel_transposed(const float* b, int64_t depth, int64_t columns, int64_t j) {
    return Prefetch(b + j * depth, panel_columns(columns, j) * depth / kLine + 1, 1, kLine);
  }
  // Rows to fetch with each of the blocks that `rows` rows are multiplied in.
  int64_t share(int64_t rows) const { return left_ * kBlockRows / rows + 1; }
  MPDP_INLINE void fetch(int64_t rows) {
    for (rows = rows < left_ ? rows : left_, left_ -= rows; rows > 0; rows--, from_ += stride_) {
      for (int64_t c = 0; c < last_; c += kLine) __builtin_prefetch(from_ + c);
      __builtin_prefetch(from_ + last_);
    }
  }

 private:
  static constexpr int64_t kLine = 16;
  static int64_t panel_columns(int64_t columns, int64_t j) {
    int64_t width = panel_width(columns - j);
    return columns - j < width ? columns - j : width;
  }
  const float* from_ = nullptr;
  int64_t left_ = 0, last_ = 0, stride_ = 0;
};

}  // namespace
}  // namespace mpdp::MPDP_ISA
